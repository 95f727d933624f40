-- wrk -s write.lua URL -- METHOD CONTENT_TYPE FILE: sends the file's text again and again; NUMBER in it is counted up, so that
-- no write is without effect.
local body, headers, number = "", {}, 0

function init(arguments)
  wrk.method = arguments[1]
  headers["Content-Type"] = arguments[2]
  for name, value in pairs(wrk.headers) do headers[name] = value end
  local file = assert(io.open(arguments[3]))
  body = file:read("*a")
  file:close()
end

function request()
  number = number + 1
  return wrk.format(nil, nil, headers, (body:gsub("NUMBER", number)))
end
