-- SPDX-License-Identifier: GPL-2.0-or-later
-- The agent of Acme Linux.
local text = require "lib.text"
local M = {}

-- Has the agent look for the hypervisor anew when it starts. A file that is as it should be is not written.
function M.release()
  text.edit("/etc/acme/agent.conf", function(line)
    if line:match("^%s*hypervisor%s*=") then return "hypervisor = auto" end
  end)
end

return M
