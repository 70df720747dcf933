-- Arguments: blob key; "1" if it is going to be read.
local manifest = whole(ARGV[2])
if manifest and ARGV[3] == '1' then
  use(ARGV[2])
end
return manifest
