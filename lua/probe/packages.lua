-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds the installed packages: from the inspection, or else from the guest's own package database.
local text = require "lib.text"
local M = {}

local function full_version(epoch, version, release)
  local full = version
  if epoch and epoch > 0 then full = epoch .. ":" .. full end
  if release and release ~= "" then full = full .. "-" .. release end
  return full
end

local function dpkg()
  local list = {}
  for paragraph in ((text.read("/var/lib/dpkg/status") or "") .. "\n\n"):gmatch("(.-)\n\n+") do
    local fields = {}
    for name, value in ("\n" .. paragraph):gmatch("\n([%w-]+):[ \t]*([^\n]*)") do fields[name] = value end
    if fields.Package and fields.Version and (fields.Status or ""):match(" installed$") then
      list[#list + 1] = { name = fields.Package, version = fields.Version, arch = fields.Architecture }
    end
  end
  return list
end

local function rpm()
  local list = {}
  local ok, out = pcall(guest.query, { "rpm", "-qa", "--qf", "%{NAME} %{EPOCH} %{VERSION} %{RELEASE} %{ARCH}\\n" })
  if not ok then fail("the packages of the guest cannot be listed: \"rpm -qa\" in the guest failed; repair its database (rpm --rebuilddb), and convert it again") end
  for _, line in ipairs(text.lines(out)) do
    local name, epoch, version, release, arch = line:match("^(%S+) (%S+) (%S+) (%S+) (%S+)$")
    if name then
      list[#list + 1] = { name = name, version = full_version(tonumber(epoch), version, release), arch = arch }
    end
  end
  return list
end

-- Alpine's paragraphs: P: name, V: version, A: architecture.
local function apk()
  local list = {}
  local content = text.read("/lib/apk/db/installed") or text.read("/usr/lib/apk/db/installed") or ""
  for paragraph in (content .. "\n\n"):gmatch("(.-)\n\n+") do
    local fields = {}
    for name, value in ("\n" .. paragraph):gmatch("\n([PVA]):([^\n]*)") do fields[name] = fields[name] or value end
    if fields.P and fields.V then list[#list + 1] = { name = fields.P, version = fields.V, arch = fields.A } end
  end
  return list
end

-- pacman has a directory NAME-VERSION-RELEASE for each.
local function pacman()
  local list = {}
  for _, directory in ipairs(guest.ls("/var/lib/pacman/local")) do
    local name, version = directory:match("^(.+)%-([^-]+%-[^-]+)$")
    if name then list[#list + 1] = { name = name, version = version } end
  end
  return list
end

-- Portage has a directory CATEGORY/NAME-VERSION for each.
local function portage()
  local list = {}
  for _, path in ipairs(text.glob("/var/db/pkg/*/*")) do
    local directory = text.basename(path)
    local name, version = directory:match("^(.+)%-(%d[%w._]*%-r%d+)$")
    if not name then name, version = directory:match("^(.+)%-(%d[%w._]*)$") end
    if name then list[#list + 1] = { name = name, version = version } end
  end
  return list
end

-- XBPS has one property list, in which each package's "pkgver" is NAME-VERSION_REVISION.
local function xbps()
  local list = {}
  for _, path in ipairs(text.glob("/var/db/xbps/pkgdb-*.plist")) do
    for full in (text.read(path) or ""):gmatch("<key>pkgver</key>%s*<string>([^<]+)</string>") do
      local name, version = full:match("^(.+)%-([^-]+)$")
      if name then list[#list + 1] = { name = name, version = version } end
    end
  end
  return list
end

local READERS = { deb = dpkg, rpm = rpm, apk = apk, pacman = pacman, portage = portage, xbps = xbps }

function M.packages()
  local list = {}
  for _, app in ipairs(facts.application) do
    list[#list + 1] = { name = app.name, version = full_version(app.epoch, app.version, app.release), arch = app.arch }
  end
  local reader = READERS[facts.os.package_format or ""]
  if #list == 0 and reader then list = reader() end
  -- The same package may be there twice (RPM's gpg-pubkey); a fact is known once.
  local seen, packages = {}, {}
  for _, package in ipairs(list) do
    -- Databases that do not say it hold what is made for the system alone.
    package.arch = package.arch or facts.os.arch or "unknown"
    local key = package.name .. "\0" .. package.version .. "\0" .. package.arch
    if not seen[key] then
      seen[key] = true
      packages[#packages + 1] = package
    end
  end
  return packages
end

return M
