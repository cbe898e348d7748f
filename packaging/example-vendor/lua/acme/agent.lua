-- SPDX-License-Identifier: GPL-2.0-or-later
-- Changes the configuration of the agent of Acme Linux.
local text = require "lib.text"
local M = {}

-- Makes the agent detect the hypervisor again when it starts. If the file is already right, it is not written.
function M.release()
  text.edit("/etc/acme/agent.conf", function(line)
    if line:match("^%s*hypervisor%s*=") then return "hypervisor = auto" end
  end)
end

return M
