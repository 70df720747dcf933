-- Arguments: key.
local revision, text = held(values, ARGV[2])
return revision and {revision, text}
