-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds out which system the guest is: from os-release, or from the release files that systems had before os-release.
local text = require "lib.text"
local M = {}

-- What the line of a release file begins with, what the system is called today, and what it was made from.
local LINES = {
  { "Red Hat Enterprise Linux", "rhel", "fedora" },
  { "Red Hat Linux", "redhat-linux" },
  { "CentOS", "centos", "rhel", "fedora" },
  { "Fedora", "fedora" },
  { "Scientific Linux", "scientificlinux", "rhel", "fedora" },
  { "Oracle", "oraclelinux", "rhel", "fedora" },
  { "Enterprise Linux Enterprise Linux", "oraclelinux", "rhel", "fedora" },
  { "Rocky", "rocky", "rhel", "fedora" },
  { "AlmaLinux", "almalinux", "rhel", "fedora" },
  { "Circle Linux", "circle", "rhel", "fedora" },
  { "CloudLinux", "cloudlinux", "rhel", "fedora" },
  { "Amazon Linux", "amzn", "rhel", "fedora" },
  { "NeoKylin", "neokylin", "rhel", "fedora" },
  { "Kylin", "kylin" },
  { "openEuler", "openeuler" },
  { "Anolis OS", "anolis", "rhel", "fedora" },
  { "VMware Photon", "photon" },
  { "ALT ", "altlinux" },
  { "Simply Linux", "simplylinux", "altlinux" },
  { "Mageia", "mageia", "mandriva" },
  { "OpenMandriva", "openmandriva", "mandriva" },
  { "ROSA", "rosa", "mandriva" },
  { "PCLinuxOS", "pclinuxos", "mandriva" },
  { "Mandr", "mandriva" }, -- Mandriva Linux, Mandrakelinux, Mandrake Linux
  { "Gentoo", "gentoo" },
  { "Slackware", "slackware" },
}

-- Release files whose first line tells the system, the more telling first: many systems have a redhat-release as well,
-- for programs that look for it.
local FILES = { "altlinux-release", "mageia-release", "openmandriva-release", "rosa-release", "pclinuxos-release", "mandriva-release",
  "mandrakelinux-release", "mandrake-release", "neokylin-release", "kylin-release", "openEuler-release", "anolis-release", "photon-release",
  "centos-release", "oracle-release", "enterprise-release", "redhat-release", "system-release", "gentoo-release", "slackware-version" }

-- Those that, whatever they say, tell of a system of the Red Hat kind.
local REDHAT = text.set { "centos-release", "oracle-release", "enterprise-release", "redhat-release" }

local MACHINES = { [3] = "i386", [21] = "ppc64le", [22] = "s390x", [62] = "x86_64", [183] = "aarch64", [243] = "riscv64" }

local function first_line(path)
  local content = text.read(path)
  return content and text.trim(content:match("[^\n]*"))
end

local function from_os_release()
  local content = text.read("/etc/os-release") or text.read("/usr/lib/os-release")
  if not content then return nil end
  local values = text.assignments(content)
  if not values.ID then return nil end
  local like = {}
  for word in (values.ID_LIKE or ""):gmatch("%S+") do like[#like + 1] = word end
  return { id = values.ID, version = values.VERSION_ID, product = values.PRETTY_NAME or values.NAME }, like
end

local function from_release_files()
  local there = text.present("/etc", FILES)
  for _, name in ipairs(FILES) do
    local line = there[name] and first_line("/etc/" .. name)
    if line and line ~= "" then
      local version = line:match("release%s+[Vv]?(%d[%d.]*)") or line:match("%f[%w][Vv]?(%d[%d.]*)")
      for _, entry in ipairs(LINES) do
        if line:sub(1, #entry[1]) == entry[1] then
          return { id = entry[2], version = version, product = line }, { table.unpack(entry, 3) }
        end
      end
      local word = line:match("^%w[%w_-]*")
      if REDHAT[name] and word then
        return { id = word:lower(), version = version, product = line }, { "rhel", "fedora" }
      end
    end
  end
end

-- Files that only their names tell anything by: one is empty, the other holds the version.
local function from_names()
  local there = text.present("/etc", { "arch-release", "alpine-release" })
  if there["alpine-release"] then
    local version = first_line("/etc/alpine-release")
    return { id = "alpine", version = version:match("^%d[%d.]*"), product = "Alpine Linux " .. version }, {}
  end
  if there["arch-release"] then return { id = "arch", product = "Arch Linux" }, {} end
end

local function from_suse_release()
  local content = text.read("/etc/SuSE-release")
  if not content then return nil end
  local line = content:match("[^\n]*")
  local version, patch = content:match("VERSION%s*=%s*([%d.]+)"), content:match("PATCHLEVEL%s*=%s*(%d+)")
  if version and patch and not version:find(".", 1, true) then version = version .. "." .. patch end
  local id = line:lower():find("opensuse", 1, true) and "opensuse" or line:find("Desktop", 1, true) and "sled" or "sles"
  return { id = id, version = version, product = line }, { "suse" }
end

local function from_debian()
  local lsb = text.read("/etc/lsb-release")
  local values = lsb and text.assignments(lsb) or {}
  local version = first_line("/etc/debian_version")
  if values.DISTRIB_ID and values.DISTRIB_ID ~= "Debian" and version then
    return { id = (values.DISTRIB_ID:lower():gsub("%s.*", "")), version = values.DISTRIB_RELEASE, product = values.DISTRIB_DESCRIPTION }, { "debian" }
  elseif version then
    return { id = "debian", version = version:match("^[%d.]+"), product = "Debian GNU/Linux " .. version }, {}
  end
end

-- CentOS 7 says VERSION_ID="7" and Debian VERSION_ID="12": the release files know the rest.
local function full_version(version)
  if not version or not version:match("^%d+$") then return version end
  for _, path in ipairs { "/etc/centos-release", "/etc/redhat-release", "/etc/debian_version" } do
    local line = first_line(path)
    local found = line and (line:match("release%s+([%d.]+)") or line:match("^(%d+%.[%d.]+)$"))
    if found and found:match("^%d+") == version then return found end
  end
  return version
end

local function architecture()
  for _, path in ipairs { "/bin/sh", "/usr/bin/env", "/sbin/init" } do
    local head = text.bytes(path, 0, 20)
    if head and head:sub(1, 4) == "\127ELF" then
      local machine = string.unpack(head:byte(6) == 2 and ">I2" or "<I2", head, 19)
      if MACHINES[machine] then return MACHINES[machine] end
    end
  end
end

-- Which package databases the guest has.
local function databases()
  local found = {}
  local names = text.present("/var/lib", { "dpkg", "rpm", "pacman" })
  if names.dpkg and text.present("/var/lib/dpkg", { "status" }).status then found.deb = true end
  local files = { "Packages", "Packages.db", "rpmdb.sqlite" }
  if (names.rpm and next(text.present("/var/lib/rpm", files))) or next(text.present("/usr/lib/sysimage/rpm", files)) then
    found.rpm = true
  end
  if names.pacman and text.present("/var/lib/pacman", { "local" })["local"] then found.pacman = true end
  if next(text.present("/lib/apk/db", { "installed" })) or next(text.present("/usr/lib/apk/db", { "installed" })) then found.apk = true end
  local db = text.present("/var/db", { "pkg", "xbps" })
  if db.pkg then found.portage = true end
  if db.xbps then found.xbps = true end
  return found
end

-- Systems (by ID or what they are like) by the format of their packages.
local FORMATS = {
  deb = { "debian", "ubuntu" },
  rpm = { "rhel", "fedora", "centos", "suse", "sles", "opensuse", "altlinux", "mageia", "mandriva", "openmandriva", "amzn", "photon", "openEuler",
    "anolis" },
  pacman = { "arch", "archarm", "manjaro", "artix" },
  apk = { "alpine" },
  portage = { "gentoo" },
  xbps = { "void" },
}

-- The one that the system is made from, when it has tools of another as well.
local function package_format(os, like, inspected)
  local found = databases()
  if inspected and found[inspected] then return inspected end
  local kin = text.set(like)
  kin[os.id or ""] = true
  for _, format in ipairs(text.sorted(found)) do
    for _, id in ipairs(FORMATS[format]) do
      if kin[id] then return format end
    end
  end
  return text.sorted(found)[1]
end

local function selinux()
  local config = text.read("/etc/selinux/config")
  if not config or text.assignments(config).SELINUX == "disabled" then return false end
  return next(text.present("/usr/sbin", { "load_policy" })) ~= nil or next(text.present("/sbin", { "load_policy" })) ~= nil
end

local KINDS = { linux = "linux", windows = "windows", freebsd = "bsd", netbsd = "bsd", openbsd = "bsd" }

function M.os()
  local inspected = facts.inspection or {}
  local kind = KINDS[inspected.type or ""]
  if not kind and #text.glob("/[Ww][Ii][Nn][Dd][Oo][Ww][Ss]/[Ss]ystem32/config") > 0 then kind = "windows" end
  if kind and kind ~= "linux" then
    return { os = { type = kind, product = inspected.product, osinfo = inspected.osinfo, arch = inspected.arch }, os_like = {} }
  end

  local os, like = from_os_release()
  if not os then os, like = from_release_files() end
  if not os then os, like = from_suse_release() end
  if not os then os, like = from_debian() end
  if not os then os, like = from_names() end
  if not os then
    if not kind then return { os = { type = "other", product = inspected.product }, os_like = {} } end
    os, like = { id = inspected.distro ~= "unknown" and inspected.distro or nil, product = inspected.product }, {}
    if inspected.major and inspected.major > 0 then os.version = inspected.major .. "." .. (inspected.minor or 0) end
  end

  os.type = "linux"
  os.version = full_version(os.version)
  if os.version then
    local major, minor = os.version:match("^[Vv]?(%d+)%.?(%d*)") -- Kylin has V10
    os.major, os.minor = math.tointeger(tonumber(major)), math.tointeger(tonumber(minor))
  end
  os.arch = inspected.arch or architecture()
  os.package_format = package_format(os, like, inspected.package_format)
  os.selinux = selinux()
  if inspected.osinfo and inspected.osinfo ~= "unknown" then os.osinfo = inspected.osinfo end

  local records = {}
  for _, id in ipairs(text.sorted(text.set(like))) do records[#records + 1] = { id = id } end
  return { os = os, os_like = records }
end

return M
