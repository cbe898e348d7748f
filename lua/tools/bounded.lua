-- SPDX-License-Identifier: GPL-2.0-or-later
-- Runs a program that is not trusted: with a time limit and without input. Processes that it leaves running are ended, since
-- they would keep the guest's file systems busy.
local M = {}

-- All that has the guest's root as its own is ours to end: nothing else runs there.
local SCRIPT = [[
limit=$1
shift
"$@" </dev/null >/dev/null 2>&1 &
program=$!
(sleep $limit; kill -KILL $program) >/dev/null 2>&1 &
wait $program
status=$?
for process in /proc/[0-9]*; do
  [ "${process#/proc/}" = $$ ] || [ ! "$process/root" -ef / ] || kill -KILL "${process#/proc/}"
done 2>/dev/null
exit $status
]]

-- Says whether the program ended well within SECONDS.
function M.run(argv, seconds)
  return (pcall(guest.command, { "sh", "-c", SCRIPT, "sh", tostring(seconds), table.unpack(argv) }))
end

return M
