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

  -- What is the same in each request is written once: wrk.format would do so each time, on
  -- the cores that the server is measured on.
  local heads = {}
  local function head()
    return wrk.format(nil, nil, nil, ""):gsub("Content%-Length: 0\r\n", ""):gsub("\r\n$", "Content-Length: ")
  end
  function init()
    if not bearers then
      heads[1] = head()
    end
    for i, bearer in ipairs(bearers or {}) do
      wrk.headers["Authorization"] = "Bearer " .. bearer
      heads[i] = head()
    end
  end

  function request()
    count = count + 1
    -- Odd ones for one thread, even ones for the other: nothing is in both.
    local turn = 2 * count + number
    local what = presented and presented[turn % #presented + 1] or number .. "-" .. count
    return heads[turn % #heads + 1] .. #before + #what + #after .. "\r\n\r\n" .. before .. what .. after
  end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("bench: %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
