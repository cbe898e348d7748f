-- SPDX-License-Identifier: GPL-2.0-or-later
-- What is installed: from the inspection, else from the guest's own database.
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
  if not ok then fail("the packages of the guest cannot be listed: \"rpm -qa\" in the guest failed") end
  for _, line in ipairs(text.lines(out)) do
    local name, epoch, version, release, arch = line:match("^(%S+) (%S+) (%S+) (%S+) (%S+)$")
    if name then
      list[#list + 1] = { name = name, version = full_version(tonumber(epoch), version, release), arch = arch }
    end
  end
  return list
end

function M.packages()
  local list = {}
  for _, app in ipairs(facts.application) do
    list[#list + 1] = { name = app.name, version = full_version(app.epoch, app.version, app.release), arch = app.arch }
  end
  if #list == 0 and facts.os.package_format == "deb" then list = dpkg() end
  if #list == 0 and facts.os.package_format == "rpm" then list = rpm() end
  -- The same package may be there twice (RPM's gpg-pubkey); a fact is known once.
  local seen, packages = {}, {}
  for _, package in ipairs(list) do
    local key = package.name .. "\0" .. package.version .. "\0" .. (package.arch or "")
    if not seen[key] then
      seen[key] = true
      packages[#packages + 1] = package
    end
  end
  return packages
end

return M
