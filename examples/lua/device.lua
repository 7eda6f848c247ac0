-- SPDX-License-Identifier: MIT
--
-- What a small device does all day: lines arrive from sensors, are checked
-- and parsed, collected into windows, watched by rules, and put into reports.
-- Everything is deterministic: the same text on every machine, in 45 KiB.

local NODES = { "boiler", "cellar" }
local UNITS = { temp = "C", hum = "%" }
local KINDS = { "temp", "hum" }
local ROUNDS <const> = 1200
local WINDOW <const> = 8
local EVENTS <const> = 6

-- Random numbers of our own, so that they are the same anywhere.
local state = 20240229
local function random(n)
    state = (state * 1103515245 + 12345) & 0x7fffffff
    return (state >> 8) % n
end

local function checksum(text)
    local sum = 0
    for i = 1, #text do
        sum = (sum + text:byte(i) * i) & 0xffff
    end
    return sum
end

-- The sensors: a coroutine that yields one line of text after another. Now
-- and then a bit falls over on the wire.
local function sensors()
    for round = 1, ROUNDS do
        for n, node in ipairs(NODES) do
            local line = string.format("@%06d %s temp=%.1f hum=%.1f",
                round * 60 + n, node, (198 + n * 7 + random(40)) / 10,
                (460 + n * 7 + random(40)) / 10)
            local flip = random(50) == 0 and 1 or 0
            coroutine.yield(string.format("%s *%04x", line,
                                          checksum(line) ~ flip))
        end
    end
end

-- One line as a table, or nil and what is wrong with it.
local function parse(line)
    local body, sum = line:match("^(.*) %*(%x+)$")
    if not body or checksum(body) ~= tonumber(sum, 16) then
        return nil, "bad checksum"
    end
    local time, node = body:match("^@(%d+) (%a+)")
    local reading = { time = tonumber(time), node = node }
    for key, value in body:gmatch("(%a+)=(%-?[%d.]+)") do
        if not UNITS[key] then
            return nil, "unknown sensor " .. key
        end
        reading[key] = tonumber(value)
    end
    return reading
end

-- A window over the last values: two closures that share a table.
local function window()
    local values, at = {}, 0
    local function push(value)
        at = at % WINDOW + 1
        values[at] = value
    end
    local function summary()
        local sum, low, high = 0.0, math.huge, -math.huge
        for _, value in ipairs(values) do
            sum = sum + value
            low, high = math.min(low, value), math.max(high, value)
        end
        return sum / #values, low, high
    end
    return push, summary
end

local Station = {}
Station.__index = Station

function Station.new(name)
    local self = setmetatable({ name = name }, Station)
    self.pushes, self.summary = {}, {}
    for _, kind in ipairs(KINDS) do
        self.pushes[kind], self.summary[kind] = window()
    end
    return self
end

function Station:push(reading)
    for _, kind in ipairs(KINDS) do
        self.pushes[kind](reading[kind])
    end
end

function Station:report()
    local parts = { string.format("  %-8s", self.name) }
    for _, kind in ipairs(KINDS) do
        local mean, low, high = self.summary[kind]()
        parts[#parts + 1] = string.format("%s %5.2f%s [%.1f..%.1f]", kind,
                                          mean, UNITS[kind], low, high)
    end
    return table.concat(parts, "  ")
end

-- Rules watch readings; each is a coroutine that remembers where it is.
local function alarm(kind, limit, patience)
    local hits = 0
    return coroutine.wrap(function(reading)
        while true do
            hits = reading[kind] > limit and hits + 1 or 0
            local event
            if hits == patience then
                event = string.format("%s: %s above %.1f%s at %d", reading.node,
                                      kind, limit, UNITS[kind], reading.time)
            end
            reading = coroutine.yield(event)
        end
    end)
end

local stations, rules, events, errors = {}, {}, {}, {}
for _, name in ipairs(NODES) do
    stations[name] = Station.new(name)
    rules[name] = alarm("temp", 23.2, 2)
end

local lines, count = 0, 0
for line in coroutine.wrap(sensors) do
    lines = lines + 1
    local reading, why = parse(line)
    if reading then
        stations[reading.node]:push(reading)
        local event = rules[reading.node](reading)
        if event then
            count = count + 1
            if #events == EVENTS then
                table.remove(events, 1)
            end
            events[#events + 1] = event
        end
    else
        errors[why] = (errors[why] or 0) + 1
    end
    if lines % 400 == 0 then
        print(string.format("after %d lines, %d events:", lines, count))
        for _, name in ipairs(NODES) do
            print(stations[name]:report())
        end
    end
end

-- The night's work: the last events as one text, searched.
local log = table.concat(events, "\n")
for _, name in ipairs(NODES) do
    local _, n = log:gsub(name .. ": ", "")
    print(string.format("%d of the last %d events at the %s", n, #events, name))
end
print(log)
print((errors["bad checksum"] or 0) .. " lines with a bad checksum")
