-- Arguments: blob key, its size, how many bytes all may have.
return room(ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]))
