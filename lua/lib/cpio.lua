-- SPDX-License-Identifier: GPL-2.0-or-later
-- Reads and writes archives in the "newc" format, which the kernel unpacks as an initramfs. The kernel reads several
-- archives from one file, each of which begins at a multiple of four bytes.
local M = {}

local function entry(number, mode, name, content)
  local header = ("070701" .. ("%08X"):rep(13)):format(number, mode, 0, 0, 1, 0, #content, 0, 0, 0, 0, #name + 1, 0)
  local head = header .. name .. "\0"
  return head .. ("\0"):rep(-#head % 4) .. content .. ("\0"):rep(-#content % 4)
end

-- FILES: { { path =, content = } or { path =, target = } (a link) } with paths relative to the root. Directories are made on the way, except
-- the first one of a path: it is there, and may be a link (lib is usr/lib), which an entry for a directory would replace.
function M.archive(files)
  local parts, made = {}, {}
  for _, file in ipairs(files) do
    local directory = file.path:match("^[^/]*/")
    local at = directory and #directory + 1
    while at do
      local next_at = file.path:find("/", at, true)
      if next_at then
        local name = file.path:sub(1, next_at - 1)
        if not made[name] then
          made[name] = true
          parts[#parts + 1] = entry(#parts + 1, 16877, name, "") -- a directory, 0755
        end
      end
      at = next_at and next_at + 1
    end
    if file.target then
      parts[#parts + 1] = entry(#parts + 1, 41471, file.path, file.target)
    else
      parts[#parts + 1] = entry(#parts + 1, 33188, file.path, file.content) -- a file, 0644
    end
  end
  parts[#parts + 1] = entry(0, 0, "TRAILER!!!", "")
  return table.concat(parts)
end

-- The files in an archive that begins at the start of BYTES: name -> content, that of a directory is empty; nil if it is none.
function M.files(bytes)
  local files, at = {}, 1
  while bytes:sub(at, at + 5) == "070701" do
    local size, length = tonumber(bytes:sub(at + 54, at + 61), 16), tonumber(bytes:sub(at + 94, at + 101), 16)
    if not size or not length then return nil end
    local name = bytes:sub(at + 110, at + 110 + length - 2)
    if name == "TRAILER!!!" then return files end
    local data = at + 110 + length
    data = data + (1 - data) % 4
    files[name] = bytes:sub(data, data + size - 1)
    at = data + size
    at = at + (1 - at) % 4
  end
  return nil
end

-- Reads an initramfs up to what is compressed in it: the names in the uncompressed archives (microcode, or all of it), the
-- first bytes of what is compressed and where it begins, nil if nothing is or nothing was within LIMIT names; and where the regular
-- files of the former are, name -> { offset =, size = }. READ(offset, length) reads the file.
function M.walk(read, limit)
  local names, places, at = {}, {}, 0
  for _ = 1, limit do
    local head = read(at, 366) or ""
    if #head < 6 then break end
    if head:sub(1, 6) == "070701" then
      local size, length, mode = tonumber(head:sub(55, 62), 16), tonumber(head:sub(95, 102), 16), tonumber(head:sub(15, 22), 16)
      if not size or not length then break end
      local name = head:sub(111, 110 + length - 1)
      names[#names + 1] = name
      at = at + 110 + length
      at = at + -at % 4
      if mode and mode & 61440 == 32768 then places[name] = { offset = at, size = size } end
      at = at + size
      at = at + -at % 4
    else
      local zeros = #head:match("^\0*")
      if zeros == 0 then return names, head:sub(1, 6), at, places end
      at = at + zeros
    end
  end
  return names, nil, nil, places
end

return M
