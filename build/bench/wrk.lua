-- One load for wrk, told by its environment: the credential or a file of them, one a
-- line, to be presented in turn; and a body to POST. In the body @ stands for a number
-- that no other request has.
local key, keys, body = os.getenv("BENCH_KEY"), os.getenv("BENCH_KEYS"), os.getenv("BENCH_BODY")

if key then wrk.headers["Authorization"] = "Bearer " .. key end
if body then
  wrk.method = "POST"
  wrk.body = body
  wrk.headers["Content-Type"] = "application/json"
end

local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local bearers = {}
if keys then
  for line in io.lines(keys) do bearers[#bearers + 1] = "Bearer " .. line end
end

if body and body:find("@", 1, true) then
  local before, after = body:match("^(.-)@(.*)$")
  local count = 0
  function request()
    count = count + 1
    if keys then
      -- Odd ones for one thread, even ones for the other: nobody is in both.
      wrk.headers["Authorization"] = bearers[(2 * count + number) % #bearers + 1]
    end
    return wrk.format(nil, nil, nil, before .. number .. "-" .. count .. after)
  end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("bench: %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
