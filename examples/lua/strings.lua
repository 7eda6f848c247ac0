-- SPDX-License-Identifier: MIT
--
-- Strings, numbers and coroutines: patterns, formats, utf8, pack, integer and
-- float arithmetic, a pipeline of coroutines, a scheduler, sorting, goto,
-- metamethods, closing variables and error handling.

local text = [[
It is a truth universally acknowledged, that a heap of its own, in possession
of good tables, must be in want of a pool. However little known the feelings
or views of such a heap may be on its first entering a neighbourhood, this
truth is so well fixed in the minds of the surrounding blocks, that it is
considered the rightful property of some one or other of their chunks.
]]

-- A pipeline: each stage is a coroutine that pulls from the one before.
local function words(s)
    return coroutine.wrap(function()
        for w in s:gmatch("%a+") do
            coroutine.yield(w:lower())
        end
    end)
end

local function filter(source, keep)
    return coroutine.wrap(function()
        for w in source do
            if keep(w) then
                coroutine.yield(w)
            end
        end
    end)
end

local function map(source, fn)
    return coroutine.wrap(function()
        for w in source do
            coroutine.yield(fn(w))
        end
    end)
end

local long = map(filter(words(text), function(w) return #w > 6 end),
                 function(w) return w:sub(1, 1):upper() .. w:sub(2) end)
local out = {}
for w in long do
    out[#out + 1] = w
end
print(table.concat(out, ", "))

-- How often does each word stand there; ties in order of the alphabet.
local count, names = {}, {}
for round = 1, 20 do
    for w in words(text) do
        if not count[w] then
            count[w] = 0
            names[#names + 1] = w
        end
        count[w] = count[w] + 1
    end
end
table.sort(names, function(a, b)
    if count[a] ~= count[b] then
        return count[a] > count[b]
    end
    return a < b
end)
for i = 1, 8 do
    print(string.format("%-6s %4d %s", names[i], count[names[i]],
                        ("*"):rep(count[names[i]] // 20)))
end

-- Substitution with tables, functions, captures, anchors, frontiers.
print((text:gsub("%f[%w]%a", string.upper):sub(1, 60)))
print((("$who has $n $what"):gsub("%$(%w+)", { who = "slate", n = 32 })))
print(("key = value  "):match("^(%w+)%s*=%s*(.-)%s*$"))
print(("f(a(b)c)d"):match("%b()"), ("x"):rep(3, "-"), ("abc"):reverse())
print(("%d%%|%5.1f|%-5s|%05d|%x|%g|%q"):format(7, 2.25, "ab", 42, 255, 1e20,
                                             "a\0b\n"))
print(#"äöü", utf8.len("äöü"), utf8.char(228, 8364, 128512))
for at, code in utf8.codes("aß€") do
    io.write(at, ":", code, " ")
end
print()

-- Numbers: 64-bit integers that wrap, doubles, conversions.
print(math.maxinteger + 1 == math.mininteger, 7 // 2, -7 // 2, -7 % 3, 7.5 // 2)
print(1 << 63, 0xff ~ 0x0f, ~0, 5 // 0.0, -5 % math.huge, 2 ^ 0.5)
print(0.1 + 0.2, 100 / 3, 1e15, 1e16, 123456.789e3, 3.0, -0.0, 2 ^ 53)
print(math.type(3), math.type(3.0), math.tointeger(8.0), math.ult(1, -1))
print(string.format("%.14g %.15g %.3f %e", 1 / 3, 1 / 3, 2 / 3, 12345.6789))
print(tonumber("0x10"), tonumber("1e2"), tonumber("z", 36), tonumber("1 2"))
print(math.floor(-3.5), math.ceil(-3.5), math.fmod(-7, 3), math.abs(-4))
print(math.sin(1), math.exp(1), math.log(10), math.log(8, 2), math.pi)

-- Bytes.
local packed = string.pack("<i4 >I2 z s1 d", -2, 513, "zero", "one", 0.5)
print(#packed, string.unpack("<i4 >I2 z s1 d", packed))
print((packed:sub(1, 8):gsub(".", function(c)
    return string.format("%02x ", c:byte())
end)))

-- A scheduler: tasks that sleep, in the order in which they wake.
local tasks, now = {}, 0
local function spawn(name, step, times)
    tasks[#tasks + 1] = {
        name = name, wake = 0,
        run = coroutine.create(function()
            for i = 1, times do
                coroutine.yield(step)
            end
            return nil
        end),
    }
end
spawn("blink", 5, 6)
spawn("poll", 7, 4)
spawn("log", 11, 3)
local trace = {}
while #tasks > 0 do
    table.sort(tasks, function(a, b)
        if a.wake ~= b.wake then
            return a.wake < b.wake
        end
        return a.name < b.name
    end)
    local task = tasks[1]
    now = task.wake
    local ok, step = coroutine.resume(task.run)
    trace[#trace + 1] = now .. task.name:sub(1, 1)
    if step then
        task.wake = now + step
    else
        table.remove(tasks, 1)
        trace[#trace] = trace[#trace] .. "!"
    end
end
print(table.concat(trace, " "))

-- Long strings put together bit by bit, as a device that has no better way.
local line = ""
for i = 1, 400 do
    line = line .. string.char(97 + i % 26)
    if #line >= 64 then
        line = line:sub(17)
    end
end
print(line, #line)

-- Errors, to-be-closed variables, varargs, goto.
local function risky(n)
    local guard <close> = setmetatable({}, {
        __close = function(_, err) io.write("[closed ", n, " ",
                                            err and "error" or "ok", "] ") end,
    })
    if n % 2 == 0 then
        error("even " .. n)
    end
    return n
end
for i = 1, 4 do
    print(pcall(risky, i))
end
print(select("#", table.unpack({ 1, nil, 3 }, 1, 3)), select(-1, 1, 2, 3))
for i = 1, 3 do
    for j = 1, 3 do
        if i * j == 4 then
            goto found
        end
    end
end
::found::
print(xpcall(function() return nil + 1 end, function(m)
    return (m:gsub("^.-:%d+: ", ""))
end))
local v = setmetatable({}, {
    __add = function(_, n) return "add " .. n end,
    __concat = function(_, s) return "concat " .. s end,
    __call = function(_, ...) return select("#", ...) end,
    __len = function() return 42 end,
    __eq = function() return true end,
})
print(v + 1, v .. "x", v(1, nil, nil), #v,
      v == setmetatable({}, getmetatable(v)))
