-- SPDX-License-Identifier: GPL-2.0-or-later
-- Edits lists of drivers in the configuration of initramfs generators, each of which has a format of its own.
local M = {}

-- As the kernel calls it: files may have "-" for "_".
function M.name(word)
  return (word:gsub("%-", "_"))
end

-- The drivers of REQUESTS, a set.
function M.set(requests)
  local set = {}
  for _, request in ipairs(requests) do set[M.name(request.driver)] = true end
  return set
end

-- The drivers of REQUESTS that the set THERE has not, each once, in order.
function M.missing(requests, there)
  local seen, list = {}, {}
  for _, request in ipairs(requests) do
    local name = M.name(request.driver)
    if not there[name] and not seen[name] then
      seen[name] = true
      list[#list + 1] = request.driver
    end
  end
  table.sort(list)
  return list
end

-- WORDS without those of the set GONE; nil if there are none of these.
function M.without(words, gone)
  local kept = {}
  for _, word in ipairs(words) do
    if not gone[M.name(word)] then kept[#kept + 1] = word end
  end
  return #kept < #words and kept or nil
end

return M
