-- One load for wrk, told by its environment: the credential or a file of them, one a
-- line, to be presented in turn; one more header; and a body to POST, JSON or a form. In
-- the body @ stands for a number that no other request has, or for the next key of a file.
local key, keys, body = os.getenv("BENCH_KEY"), os.getenv("BENCH_KEYS"), os.getenv("BENCH_BODY")
local many, line = os.getenv("BENCH_MANY"), os.getenv("BENCH_LINE")

if key then wrk.headers["Authorization"] = "Bearer " .. key end
if line then
  local name, value = line:match("^(.-): (.*)$")
  wrk.headers[name] = value
end
if body then
  wrk.method = "POST"
  wrk.body = body
  wrk.headers["Content-Type"] = os.getenv("BENCH_FORM") and "application/x-www-form-urlencoded" or "application/json"
end

local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local function lines(file)
  local list = {}
  for text in io.lines(file) do list[#list + 1] = text end
  return list
end

local bearers, presented = keys and lines(keys), many and lines(many)

if body and body:find("@", 1, true) then
  local before, after = body:match("^(.-)@(.*)$")
  local count = presented and os.time() % 1000 * 997 or 0 -- not where the last load began
  function request()
    count = count + 1
    -- Odd ones for one thread, even ones for the other: nothing is in both.
    local turn = 2 * count + number
    if bearers then
      wrk.headers["Authorization"] = "Bearer " .. bearers[turn % #bearers + 1]
    end
    local what = presented and presented[turn % #presented + 1] or number .. "-" .. count
    return wrk.format(nil, nil, nil, before .. what .. after)
  end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("bench: %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
