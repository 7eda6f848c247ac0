-- SPDX-License-Identifier: MIT
--
-- A JSON reader and writer, a few classes with inheritance, and a bill made
-- with them. Object members are written in sorted order.

local function reader(text)
    local at = 1

    local function fail(what)
        error({ at = at, what = what }, 0)
    end

    local function skip()
        at = text:find("[^ \t\r\n]", at) or #text + 1
    end

    local function expect(c)
        skip()
        if text:sub(at, at) ~= c then
            fail("expected " .. c)
        end
        at = at + 1
    end

    local escapes = { n = "\n", t = "\t", r = "\r", b = "\b", f = "\f" }

    local function string_()
        local parts = {}
        expect('"')
        while true do
            local stop = text:find('["\\]', at)
            if not stop then
                fail("a string without end")
            end
            parts[#parts + 1] = text:sub(at, stop - 1)
            at = stop + 1
            if text:sub(stop, stop) == '"' then
                return table.concat(parts)
            end
            local c = text:sub(at, at)
            at = at + 1
            if c == "u" then
                local hex = text:sub(at, at + 3)
                parts[#parts + 1] = utf8.char(tonumber(hex, 16))
                at = at + 4
            else
                parts[#parts + 1] = escapes[c] or c
            end
        end
    end

    local value

    local function members(close, one)
        skip()
        if text:sub(at, at) == close then
            at = at + 1
            return
        end
        repeat
            one()
            skip()
            local c = text:sub(at, at)
            at = at + 1
            if c ~= "," and c ~= close then
                at = at - 1
                fail("expected , or " .. close)
            end
        until c == close
    end

    local words = { ["true"] = true, ["false"] = false, null = "null" }

    function value()
        skip()
        local c = text:sub(at, at)
        if c == "{" then
            local object = {}
            at = at + 1
            members("}", function()
                skip()
                local key = string_()
                expect(":")
                object[key] = value()
            end)
            return object
        elseif c == "[" then
            local list = {}
            at = at + 1
            members("]", function() list[#list + 1] = value() end)
            return list
        elseif c == '"' then
            return string_()
        end
        local word = text:match("^%a+", at)
        if word and words[word] ~= nil then
            at = at + #word
            return words[word]
        end
        local number = text:match("^-?%d+%.?%d*[eE]?[-+]?%d*", at)
        if not number then
            fail("no value")
        end
        at = at + #number
        return math.tointeger(tonumber(number)) or tonumber(number)
    end

    local result = value()
    skip()
    if at <= #text then
        fail("text behind the value")
    end
    return result
end

local function writer(value, indent)
    indent = indent or ""
    local inner = indent .. "  "
    if type(value) == "string" then
        return '"' .. value:gsub('[%c"\\]', function(c)
            return string.format("\\u%04x", c:byte())
        end) .. '"'
    elseif type(value) ~= "table" then
        return tostring(value)
    end
    local parts = {}
    if #value > 0 then
        for i, v in ipairs(value) do
            parts[i] = inner .. writer(v, inner)
        end
        return "[\n" .. table.concat(parts, ",\n") .. "\n" .. indent .. "]"
    end
    for key in pairs(value) do
        parts[#parts + 1] = key
    end
    table.sort(parts)
    for i, key in ipairs(parts) do
        parts[i] = inner .. '"' .. key .. '": ' .. writer(value[key], inner)
    end
    return "{\n" .. table.concat(parts, ",\n") .. "\n" .. indent .. "}"
end

local function class(parent)
    local c = setmetatable({}, { __index = parent })
    c.__index = c
    c.new = function(...)
        local self = setmetatable({}, c)
        self:init(...)
        return self
    end
    return c
end

local Item = class()

function Item:init(data)
    self.name, self.price, self.count = data.name, data.price, data.count
end

function Item:total()
    return self.price * self.count
end

Item.__lt = function(a, b)
    return a.name < b.name
end

Item.__tostring = function(self)
    return string.format("%-12s %3d x %8.2f = %9.2f", self.name, self.count,
                         self.price, self:total())
end

local Discounted = class(Item)
Discounted.__lt, Discounted.__tostring = Item.__lt, Item.__tostring

function Discounted:init(data)
    Item.init(self, data)
    self.percent = data.discount
end

function Discounted:total()
    return Item.total(self) * (100 - self.percent) / 100
end

local order = [==[
{ "customer": { "name": "Zo\u00eb \"Z\" M\u00fcller", "id": 9007199254740993 },
  "paid": false, "note": null, "tags": ["urgent", "fragile", []],
  "items": [
    { "name": "washer", "price": 0.05, "count": 120 },
    { "name": "bolt M4", "price": 0.125, "count": 64, "discount": 10 },
    { "name": "motor", "price": 1.999e2, "count": 2 },
    { "name": "cable", "price": 3.5, "count": 7, "discount": 2.5 } ] }
]==]

local data = reader(order)
local text = writer(data)
print(text)
for round = 1, 40 do
    local again = writer(reader(text))
    assert(again == text, "round " .. round)
end

local items, sum = {}, 0.0
for _, entry in ipairs(data.items) do
    local make = entry.discount and Discounted or Item
    items[#items + 1] = make.new(entry)
end
table.sort(items, function(a, b) return a < b end)
for _, item in ipairs(items) do
    print(item)
    sum = sum + item:total()
end
print(string.format("%-30s %10.2f", data.customer.name, sum))
print(data.customer.id, math.type(data.customer.id), sum, 1 / 3)

for _, bad in ipairs { "", "[1,", "{\"a\" 1}", "[1 2]", "nul", "1 1", "\"x" } do
    local ok, why = pcall(reader, bad)
    print(string.format("%-10s %s at %d: %s", bad, ok, why.at, why.what))
end
