-- SPDX-License-Identifier: GPL-2.0-or-later
-- What is free on a guest's file systems, what is needed there, and whether they are whole.
local fake = require "fake"
local space = require "probe.space"
local health = require "probe.health"
local check = require "health.check"

local MIB = 1024 * 1024

-- MOUNTS: path -> { MiB that are free, inodes that are free or nil where they are not counted }. Returns what the probe says,
-- by path.
local function look(files, mounts, given, how)
  given.mount = {}
  for path in pairs(mounts) do given.mount[#given.mount + 1] = { path = path, device = "/dev/of" .. path } end
  given.initramfs = given.initramfs or {}
  fake.setup(files, given)
  guest.statvfs = function(path)
    local free = mounts[path]
    return { frsize = 1024, bsize = 4096, bfree = free[1] * 1024, bavail = (free[3] or free[1]) * 1024, files = free[2] and 1000 or 0, ffree = free[2] or 0 }
  end
  local found = {}
  for _, record in ipairs(space.space(4 * MIB, 100, 2 * MIB, how)) do found[record.path] = record end
  return found
end

local BOOT = { ["/boot/initrd-1"] = ("x"):rep(3 * MIB), ["/boot/initrd-2"] = ("x"):rep(5 * MIB), ["/boot/vmlinuz-1"] = ("x"):rep(MIB) }
local function kernels(appendable)
  return {
    { version = "1", usable = true, installed = true, image = "/boot/vmlinuz-1", initrd = "/boot/initrd-1", appendable = appendable },
    { version = "2", usable = true, installed = true, initrd = "/boot/initrd-2", appendable = appendable },
    { version = "3", installed = true, initrd = "/boot/initrd-3" },
  }
end

-- A guest of three file systems, one of them twice; WRONG: device -> what its checker says.
local function damaged_guest(wrong, given)
  given = given or {}
  given.mount = { { path = "/", device = "btrfsvol:/dev/vg/root/@" }, { path = "/home", device = "btrfsvol:/dev/vg/root/@home" },
    { path = "/boot", device = "/dev/sda1" }, { path = "/boot/efi", device = "/dev/sda2" } }
  given.filesystem = { { device = "/dev/vg/root", type = "btrfs" }, { device = "/dev/sda1", type = "ext4" }, { device = "/dev/sda2", type = "vfat" } }
  fake.setup({}, given)
  guest.tune2fs_l = function() return { ["Filesystem state"] = "clean" } end
  guest.fsck = function(device) return wrong[device] end
end
local function told(list)
  local words = {}
  for i, record in ipairs(list) do words[i] = record.path .. " " .. record.device .. " " .. tostring(record.damaged) .. " " .. tostring(record.problems) end
  return table.concat(words, ", ")
end

return {
  { "space: what is edited, on the root file system; inodes where they are counted", function()
    local found = look({}, { ["/"] = { 7, 50 }, ["/home"] = { 1, 1 } }, {})
    fake.equal(found["/"].free .. " " .. found["/"].needed, 7 * MIB .. " " .. 4 * MIB)
    fake.equal(found["/"].free_inodes .. " " .. found["/"].needed_inodes, "50 100")
    fake.equal(found["/"].shown_needed, "4.0 MiB (4.0 MiB for files that are edited)")
    fake.equal(found["/home"], nil, "nothing is written there")
  end },
  { "space: where files are not counted, what is available counts", function()
    local found = look({}, { ["/"] = { 7, nil, 5 } }, {})
    fake.equal(found["/"].free, 5 * MIB)
    fake.equal(found["/"].free_inodes, nil)
  end },
  { "space: an initramfs that grows", function()
    local found = look(BOOT, { ["/"] = { 7 }, ["/boot"] = { 1 }, ["/bo"] = { 1 } }, { kernel = kernels(true), initramfs = { tool = "dracut", udev = true } })
    fake.equal(found["/boot"].needed, 4 * MIB)
    fake.equal(found["/"].needed, 4 * MIB)
    fake.equal(found["/bo"], nil, "whose name /boot begins with")
  end },
  { "space: an initramfs that is made anew", function()
    for how, appendable in pairs { rebuild = true, extend = false } do
      local found = look(BOOT, { ["/"] = { 7 }, ["/boot"] = { 1 }, ["/var"] = { 9 } },
        { kernel = kernels(appendable), initramfs = { tool = "dracut", udev = true } }, how)
      fake.equal(found["/boot"].needed, (5 + 4) * MIB, how)
      fake.equal(found["/boot"].device, "/dev/of/boot")
      fake.equal(found["/var"].needed, 15 * MIB, how)
      fake.equal(found["/"].needed, 4 * MIB, how)
    end
  end },
  { "space: a package that is given, and its kernel; not one that nothing is done with", function()
    local given = { kernel = kernels(true), initramfs = { tool = "dracut", udev = true },
      with = { { label = "a", size = 10 * MIB, used = true }, { label = "b", size = 20 * MIB } } }
    given.kernel[4] = { version = "4", usable = true, installed = false }
    local found = look(BOOT, { ["/"] = { 7 }, ["/boot"] = { 1 } }, given)
    fake.equal(found["/"].needed, (4 + 10 + 15) * MIB)
    -- two that grow, one that is made beside the largest, one that stays, and its image
    fake.equal(found["/boot"].needed, (4 + 5 + 5 + 2 + 1) * MIB)
  end },
  { "space: no tool makes an initramfs", function()
    local found = look(BOOT, { ["/"] = { 7 }, ["/boot"] = { 1 } }, { kernel = kernels(true) })
    fake.equal(found["/boot"], nil)
  end },
  { "health: notes alone", function()
    damaged_guest({ ["/dev/sda1"] = "bad" })
    fake.equal(told(health.health()), "/boot /dev/sda1 false nil")
  end },
  { "health: all that have a checker, subvolumes once", function()
    damaged_guest({ ["/dev/vg/root"] = "bad" })
    fake.equal(told(health.health(true)), "/ /dev/vg/root nil bad, /boot /dev/sda1 false nil")
    fake.equal(told(health.health(true, true)), "/boot /dev/sda1 false nil", "--no-fs-check")
  end },
  { "health: examined again", function()
    local known = { { device = "/dev/vg/root", path = "/" }, { device = "/dev/sda1", path = "/boot", damaged = false } }
    damaged_guest({}, { health = known })
    check.examine()
    damaged_guest({ ["/dev/sda1"] = "bad" }, { health = known })
    local ok, why = pcall(check.examine)
    fake.equal(ok, false)
    fake.equal(tostring(why):match("at (.-): repair it"), "/boot (/dev/sda1; bad)")
  end },
}
