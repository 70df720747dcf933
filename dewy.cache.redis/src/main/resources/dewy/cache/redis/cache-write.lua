-- Arguments: id, number and bytes of a chunk, and for how many milliseconds it is kept without another one or a commit.
redis.call('HSET', contents .. ARGV[2], ARGV[3], ARGV[4])
redis.call('PEXPIRE', contents .. ARGV[2], ARGV[5])
return 1
