-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds all other names of disks below /etc and in the records of package managers, with one search. Files of known formats
-- get the new names; a warning names the others.
local text = require "lib.text"
local devices = require "lib.devices"
local disk_files = require "lib.disk_files"
local forms = require "lib.disk_forms"
local leftover_names = require "lib.leftover_names"
local starts = require "lib.starts"
local udev = require "disks.udev"
local M = {}

-- ---- formats ----
-- Each is a function of a file's content, the renames by name and by how names begin; it returns the new content.

-- Every name outside comments is one of this machine's disks.
local function lines(content, by_old)
  return text.map_lines(content, function(line)
    if leftover_names.is_comment(line) then return nil end
    return forms.rename(line, by_old)
  end)
end

local function is_this_host(words)
  local host = facts.inspection and facts.inspection.hostname
  if not host then return false end
  for word in words:gmatch("%S+") do
    if word == host or word == host:match("^[^.]+") or word:match("^[^.]+") == host then return true end
  end
  return false
end

-- A resource of DRBD says of each host which disk it takes: those of other hosts are not ours.
local function drbd(content, by_old)
  local others = {}
  local kept = content:gsub("(%f[%w]on%s+)([^{};#\n]-)(%s*)(%b{})", function(head, hosts, gap, body)
    if is_this_host(hosts) then return nil end
    others[#others + 1] = head .. hosts .. gap .. body
    return "\1" .. #others .. "\1"
  end):gsub("%f[%w]floating%s+[^{};#\n]-%s*%b{}", function(body)
    others[#others + 1] = body
    return "\1" .. #others .. "\1"
  end)
  return (lines(kept, by_old):gsub("\1(%d+)\1", function(number) return others[tonumber(number)] end))
end

-- How the names begin of the disks that Oracle's ASM looks at, or whole names.
local function oracleasm(content, by_old, by_start)
  return text.map_lines(content, function(line)
    local head, quote, value = line:match("^(%s*ORACLEASM_SCANORDER=)([\"']?)([^\"']*)")
    if not head then return nil end
    return head .. quote .. value:gsub("[^%s]+", function(word)
      local start = by_start["/dev/" .. word:gsub("^/dev/", "")]
      if start then return (word:match("^/dev/") and start or start:gsub("^/dev/", "")) end
      return word:match("^/dev/") and devices.renamed(word, by_old) or forms.kernel_name(word, by_old)
    end) .. line:sub(#head + #quote + #value + 1)
  end)
end

-- SUSE's list of raw devices: raw1:sdb1.
local function raw(content, by_old)
  return text.map_lines(content, function(line)
    local head, name = line:match("^(%s*raw%d+:)([%w!]+)%s*$")
    local new = name and forms.kernel_name(name, by_old)
    return new and head .. new
  end)
end

-- ---- which file has which format ----

-- Which files have which format, as patterns for paths below /etc; the first that fits counts.
local SPECIAL = {
  { "^udev/rules%.d/.*%.rules$", udev.mend }, { "^drbd%.conf$", drbd }, { "^drbd%.d/", drbd }, { "^sysconfig/oracleasm", oracleasm }, { "^raw$", raw },
}

-- Providers of their own know these.
local OTHERS = {
  "^lvm/", "^crypttab$", "^fstab$", "^suspend%.conf$", "^uswsusp%.conf$", "^cmdline", "^update%-extlinux%.conf$",
}

local LINES = {
  "^fstab%.d/", "^auto%.", "^auto_", "^autofs", "^systemd/", "^init/", "^init%.d/", "^rc%.local$", "^rc%.d/", "^local%.d/", "^conf%.d/",
  "^runit/", "^inittab$", "^cron", "^anacrontab$", "^default/", "^sysconfig/", "^environment", "^profile", "^grub%.d/", "^lilo%.conf$",
  "^kernel/", "^initramfs%-tools/", "^dracut", "^mkinitcpio", "^initcpio/", "^booster%.yaml$", "^genkernel%.conf$", "^mkinitfs/",
  "^kdump", "^hdparm%.conf$", "^smart", "^sysfs%.", "^tmpfiles%.d/", "^tuned/", "^sysctl", "^tgt/", "^target/", "^rtslib", "^scst%.conf$",
  "^iet/", "^ietd%.conf$", "^nbd%-server/", "^nvmet/", "^ceph/", "^quotatab$", "^dumpdates$", "^zfs/", "^my%.cnf", "^mysql/",
  "^security/pam_mount", "^libvirt/", "^snapper/", "^btrbk", "^mdadm", "^multipath", "^bcache", "^vdo", "^stratis",
}

local function fits(path, patterns)
  for _, pattern in ipairs(patterns) do
    if path:match(pattern) then return true end
  end
  return false
end

-- The function for the format of PATH, true if others know it, or nil.
local function format_of(path)
  for _, format in ipairs(SPECIAL) do
    if path:match(format[1]) then return format[2] end
  end
  return fits(path, OTHERS) or fits(path, LINES) and lines or nil
end

-- Files elsewhere, as patterns for their whole paths.
local ELSEWHERE = { "/var/spool/cron/*", "/var/spool/cron/crontabs/*", "/var/spool/cron/tabs/*", "/var/lib/dumpdates" }

-- ---- what package managers remember ----

-- The answers to what packages have asked for: where the boot loader goes when it is installed again, for one.
local function debconf(by_old)
  text.edit(disk_files.DEBCONF, function(line)
    local head, value = line:match("^(Value:%s*)(.*)$")
    return head and head .. devices.rename(value, by_old)
  end)
end

-- ---- units called after devices ----

-- The names of files, directories and links, and where those lead. What is inside a directory is moved before the directory is.
local function units(named, by_old)
  local moves, taken = {}, {}
  for _, item in ipairs(named) do
    if item.path:match("^systemd/") then
      local directory, name = item.path:match("^(.*/)([^/]+)$")
      local new, leads = forms.unit(name, by_old), item.type == "l" and item.text or nil
      local to = leads and leads:gsub("[^/]+", function(part) return forms.unit(part, by_old) end)
      if new or to ~= leads then
        moves[#moves + 1] = { type = item.type, from = "/etc/" .. item.path, to = "/etc/" .. directory .. (new or name), leads = to }
        taken["/etc/" .. item.path] = true
      end
    end
  end
  table.sort(moves, function(a, b) return #a.from > #b.from or #a.from == #b.from and a.from < b.from end)
  local free = {}
  for _, move in ipairs(moves) do
    if taken[move.to] or not guest.exists(move.to) then
      free[#free + 1] = move
      -- Two may have each other's names.
      if move.leads then
        guest.rm_f(move.from)
      elseif taken[move.to] and move.to ~= move.from then
        guest.mv(move.from, move.from .. ".v2v")
        move.from = move.from .. ".v2v"
      end
    else
      log.warn(move.from .. " is not renamed to match the new name of its device, since " .. move.to .. " exists: remove one of the two, of which only the latter has an effect")
    end
  end
  for _, move in ipairs(free) do
    if move.leads then
      guest.ln_s(move.leads, move.to)
    elseif move.from ~= move.to then
      guest.mv(move.from, move.to)
    end
  end
end

-- ---- all of it ----

-- Paths that providers of their own have edited or will.
local function known_elsewhere()
  local known = {}
  for _, list in ipairs { disk_files.MOUNTS, disk_files.ENCRYPTED, disk_files.RESUME, disk_files.BOOT_DEFAULTS, disk_files.STORAGE, disk_files.LVM, disk_files.LVM_DEVICES } do
    for _, path in ipairs(list) do known[#known + 1] = "^" .. path:gsub("^/etc/", ""):gsub("[%.%-]", "%%%0"):gsub("%*", "[^/]*") .. "$" end
  end
  return function(path) return fits(path, known) end
end

local function words_for_disks(by_old, by_start)
  local words = leftover_names.words(by_old)
  -- Patterns for several disks.
  for old in pairs(by_start) do
    local start = old:match("^/dev/(%l+)$")
    for _, sign in ipairs(start and { "?", "*", "[", '"' } or {}) do words[#words + 1] = start .. sign end
  end
  return words
end

function M.remap(list)
  local by_old, by_start = devices.renames(list), starts.of(list)
  local found = leftover_names.search(words_for_disks(by_old, by_start))
  local is_known = known_elsewhere()
  for _, path in ipairs(found.paths) do
    local format = format_of(path)
    if type(format) == "function" and not is_known(path) then
      local whole = "/etc/" .. path
      local old = text.read(whole)
      local new = old and format(old, by_old, by_start)
      if new and new ~= old then guest.write(whole, new) end
    end
  end
  units(found.named, by_old)
  for _, pattern in ipairs(ELSEWHERE) do
    for _, path in ipairs(text.glob(pattern)) do
      if guest.is_file(path) then
        text.edit(path, function(line) return not leftover_names.is_comment(line) and forms.rename(line, by_old) or nil end)
      end
    end
  end
  debconf(by_old)
end

-- ---- what remains ----

-- In lvm.conf, what is refused does no harm.
local function looked_at(path, line)
  if path:match("^lvm/devices/") then return "" end
  if path:match("^lvm/") then line = line:gsub('"r[^"]*"', "") end
  if path == "fstab" then line = line:gsub("%f[%w]comment=[^%s,]*", "") end
  return (line:gsub("%s#.*$", ""))
end

-- The names in the lines that were found in PATH.
local function in_lines(path, hits, by_old, set)
  for _, hit in ipairs(hits) do
    for _, name in ipairs(forms.found(looked_at(path, hit.text), by_old)) do set[name] = true end
  end
end

-- What watches disks by their kernel names.
local MONITORS = { "^telegraf", "^collectd", "^netdata/", "^zabbix/", "^nagios", "^nrpe", "^icinga", "^munin/", "^node_exporter", "^monit" }

local function kernel_names(hits, by_old, set)
  for _, hit in ipairs(hits) do
    for before, name in (" " .. hit.text):gmatch("([^%w])(%l[%w!]+)") do
      local new = before ~= "/" and forms.kernel_name(name, by_old)
      if new and new ~= name then set[name] = true end
    end
  end
end

-- Devices that only the old host gives, as words of their own.
local function lost(hits, names, set)
  for _, hit in ipairs(hits) do
    for _, name in ipairs(names) do
      local at, stop = hit.text:find(name, 1, true)
      if at and not hit.text:sub(stop + 1, stop + 1):match("[%w_%-]") and not hit.text:sub(at - 1, at - 1):match("[%w_%-]") then set[name] = true end
    end
  end
end

-- Which formats take care of clocks is said with the clocks.
local function has_clock_of_its_own(path)
  return path:match("^chrony") ~= nil
end

-- Where drivers are taken out or replaced by others who know the format, or where naming one does no harm.
local DRIVER_PLACES = { "^modules", "^modprobe", "^conf%.modules$", "^depmod%.d/", "^dracut", "^initramfs%-tools/", "^mkinitcpio", "^initcpio/", "^mkinitfs/", "^booster",
  "^genkernel", "^initrd", "^sysconfig/kernel", "^sysconfig/hwconf$", "^sysconfig/network", "^netplan/", "^NetworkManager/", "^systemd/network/", "^udev/", "^X11/",
  "^conf%.d/modules$", "^fstab", "^systemd/.*mount$" }

-- What belongs to a hypervisor's own tools, whose going is theirs.
local OF_TOOLS = { "vmware", "vmtools", "open%-vm", "vbox", "virtualbox", "prl", "parallels", "xe%-", "xen", "hyperv", "hv%-", "hv_" }

local function is_driver_place(path)
  return fits(path, DRIVER_PLACES) or fits(path:lower(), OF_TOOLS)
end

local function drivers()
  local names = {}
  for _, driver in ipairs(facts.unneeded_driver) do names[#names + 1] = driver.name end
  return names
end

local function lost_devices()
  local names = {}
  for _, device in ipairs(facts.lost_device) do names[#names + 1] = device.name end
  return names
end

-- What has to be searched for to find what remains.
function M.words()
  local words = leftover_names.words(leftover_names.gone())
  for _, name in ipairs(lost_devices()) do words[#words + 1] = name:match("([^/]+)$") end
  for _, name in ipairs(drivers()) do words[#words + 1] = name end
  return words
end

-- { { path =, name = } ... } of what names a disk, another device or a driver of the old machine, by what a search FOUND. BEFORE: what
-- the conversion mends later is left out.
function M.remaining(found, before)
  local by_old, names_lost, old_drivers, is_known, records = leftover_names.gone(), lost_devices(), drivers(), known_elsewhere(), {}
  for _, path in ipairs(found.paths) do
    local set, format = {}, format_of(path)
    if not before or not format and not is_known(path) then
      in_lines(path, found.files[path], by_old, set)
      if fits(path, MONITORS) then kernel_names(found.files[path], by_old, set) end
    elseif format == drbd then
      for _, line in ipairs(text.lines(drbd(text.read("/etc/" .. path) or "", by_old))) do
        in_lines(path, leftover_names.is_comment(line) and {} or { { text = line } }, by_old, set)
      end
    end
    if not is_driver_place(path) then lost(found.files[path], old_drivers, set) end
    if not (before and has_clock_of_its_own(path)) then lost(found.files[path], names_lost, set) end
    for _, name in ipairs(text.sorted(set)) do records[#records + 1] = { path = "/etc/" .. path, name = name } end
  end
  for _, item in ipairs(found.named) do
    local mended = before and item.path:match("^systemd/")
    for _, name in ipairs(mended and {} or forms.found(item.text, by_old)) do records[#records + 1] = { path = "/etc/" .. item.path, name = name } end
  end
  if guest.is_file("/etc/zfs/zpool.cache") then
    local set = {}
    for _, line in ipairs(guest.strings("/etc/zfs/zpool.cache")) do
      for _, name in ipairs(devices.found(line, by_old)) do set[name] = true end
    end
    for _, name in ipairs(text.sorted(set)) do records[#records + 1] = { path = "/etc/zfs/zpool.cache", name = name } end
  end
  return records
end

-- The records of one list as people read them: "/etc/a (/dev/sda1, /dev/sdb), /etc/b (...)". At most 20 files.
function M.say(records)
  local paths, names = {}, {}
  for _, record in ipairs(records) do
    if not names[record.path] then
      names[record.path] = {}
      paths[#paths + 1] = record.path
    end
    table.insert(names[record.path], record.name)
  end
  local parts = {}
  for number, path in ipairs(paths) do
    if number > 20 then
      parts[#parts + 1] = ("and %d more files"):format(#paths - 20)
      break
    end
    parts[#parts + 1] = path .. " (" .. table.concat(names[path], ", ") .. ")"
  end
  return table.concat(parts, ", ")
end

-- Once all is done: whatever remains and was not told of before.
function M.check()
  local told, fresh = {}, {}
  for _, record in ipairs(facts.remaining_name) do told[record.path .. "\n" .. record.name] = true end
  for _, record in ipairs(M.remaining(leftover_names.search(M.words()), false)) do
    if not told[record.path .. "\n" .. record.name] then fresh[#fresh + 1] = record end
  end
  if #fresh > 0 then
    log.warn("files of the guest still name disks, devices or drivers that the new machine does not have: " .. M.say(fresh)
      .. "; change them in the guest: what uses such a device fails, and at boot may wait for it")
  end
end

return M
