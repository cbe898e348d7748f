-- SPDX-License-Identifier: GPL-2.0-or-later
-- Replaces drivers in the X server's configuration that are for devices which the new machine does not have.
local text = require "lib.text"
local M = {}

local FILES = { "/etc/X11/xorg.conf", "/etc/X11/xorg.conf-4", "/etc/X11/XF86Config", "/etc/X11/XF86Config-4", "/etc/X11/xorg.conf.d/*.conf" }

-- What drives any screen: the kernel's own driver where this X server knows how to use it.
local function display_driver()
  for _, pattern in ipairs { "/usr/lib*/xorg/modules/drivers/modesetting_drv.so", "/usr/lib/*/xorg/modules/drivers/modesetting_drv.so" } do
    if #text.glob(pattern) > 0 then return "modesetting" end
  end
  return "vesa"
end

-- In sections for a screen, or for a mouse or keyboard: DRIVERS become what every machine has. A screen's place on the bus
-- goes with its driver.
local function edit(path, drivers)
  local lines, section, changes = text.lines(text.read(path)), nil, {}
  for number, line in ipairs(lines) do
    local word, value = line:match('^%s*(%a+)%s*"?([^"]*)')
    word = word and word:lower()
    if word == "section" then
      section = { kind = value:lower() }
    elseif word == "endsection" then
      for at in pairs(section and section.ours and section.kind == "device" and section.places or {}) do changes[at] = false end
      section = nil
    elseif section and word == "driver" and drivers[value:lower()] then
      section.ours = true
      local head, tail = line:match('^(%s*%a+%s*)"[^"]*"(.*)$')
      local driver = section.kind == "device" and display_driver() or section.kind == "inputdevice" and "mouse"
      if head and driver then changes[number] = head .. '"' .. driver .. '"' .. tail end
    elseif section and word == "busid" then
      section.places = section.places or {}
      section.places[number] = true
    end
  end
  if not next(changes) then return end
  local number = 0
  text.edit(path, function()
    number = number + 1
    return changes[number]
  end)
end

function M.replace(list)
  local drivers = {}
  for _, request in ipairs(list) do drivers[request.driver] = true end
  for _, pattern in ipairs(FILES) do
    for _, path in ipairs(text.glob(pattern)) do
      if guest.is_file(path, { followsymlinks = true }) then edit(path, drivers) end
    end
  end
end

return M
