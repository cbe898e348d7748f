#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of rule files that give trees of files: those that are shipped pass, and none is skipped; others, of a
# vendor's tree, fail as they should. All in one appliance.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

mkdir -p "$tmp"/my/{rules,lua}/acme "$tmp/my/rules/acme/trees"/{plain,after,out,whole}/etc
trees=$tmp/my/rules/acme/trees
for tree in plain after out whole; do echo one >"$trees/$tree/etc/acme.conf"; done
echo two >>"$trees/after/etc/acme.conf"
echo '0640 0:7 /etc/acme.conf' | tee "$trees/plain.modes" >"$trees/after.modes"
ln -s ../../../../etc "$trees/out/etc/out"
# What must never run on the host.
mkdir -p "$trees/whole/bin"
printf '#!/bin/sh\ntouch "%s/escaped"\n' "$tmp" >"$trees/whole/bin/sh"
chmod +x "$trees/whole/bin/sh"

cat >"$tmp/my/lua/acme/edit.lua" <<'EOF'
local M = {}
function M.append(text)
  local old = guest.read_file("/etc/acme.conf")
  if not old:find(text, 1, true) then guest.write("/etc/acme.conf", old .. text .. "\n") end
end
function M.again(text) guest.write_append("/etc/acme.conf", text .. "\n") end
function M.broken() fail("it is broken") end
function M.run() guest.command({ "/bin/sh", "-c", "true" }) end
function M.host(path) guest.put(path, "/etc/stolen", "0644") end
return M
EOF
{
	echo 'v2v-rules 1'
	for name in append again host; do
		echo "operation acme_$name(text: string) phase configure"
		echo "provider acme for acme_$name(text) { do lua \"acme/edit.lua\" $name(text) }"
	done
	for name in broken run; do
		echo "operation acme_$name() phase configure"
		echo "provider acme for acme_$name() { do lua \"acme/edit.lua\" $name() }"
	done
	# test NAME TREE DO EXPECT
	while IFS='|' read -r name tree what expect; do
		printf 'test "%s" {\n  given tree "trees/%s"\n  do %s\n  expect %s\n}\n' "$name" "$tree" "$what" "$expect"
	done <<-'EOF'
		acme: as expected|plain|acme_append("two")|tree "trees/after"
		acme: already|after|acme_append("two")|tree unchanged
		acme: not as expected|plain|acme_append("three")|tree "trees/after"
		acme: not unchanged|plain|acme_append("two")|tree unchanged
		acme: it does not look first|plain|acme_again("two")|tree "trees/after"
		acme: it fails|plain|acme_broken()|tree unchanged
		acme: it fails as expected|plain|acme_broken()|fail "*it is broken*"
		acme: a link that leads out|out|acme_append("two")|tree unchanged
		acme: a program of the tree|whole|acme_run()|tree unchanged
		acme: a file of the host|plain|acme_host("/etc/passwd")|tree unchanged
		acme: a probe and a file fact|plain|acme_append("two")|no fail
	EOF
} >"$tmp/my/rules/acme/acme.v2v"

ENGINE_TIMEOUT=600 engine test --rules-dir "$tmp/my" --with-appliance
ok "some tests fail" exits 78 "7 of"
result() { grep -E "^(not )?ok [0-9]+ - .*: $1( #|\$)" <<<"$out" | sed -E 's/ [0-9]+ - .*//'; }
# why NAME: the comment below it.
why() { awk -v name="$1" '/^(not )?ok/ { inside = index($0, name) } inside' <<<"$out"; }

mapfile -t shipped < <(sed -nE 's/^test "(.*)" \{$/\1/p' "$srcdir/rules/guest/trees.test.v2v")
ok "trees are shipped" test "${#shipped[@]}" -ge 5
for name in "${shipped[@]}"; do
	ok "shipped: $name" is "$(grep -cxE "ok [0-9]+ - guest/trees\.test\.v2v: $(sed 's/[*.]/\\&/g' <<<"$name")" <<<"$out")" 1
done
ok "no test is skipped" is "$(grep -ci '# skip' <<<"$out")" 0
ok "no shipped test fails" is "$(grep '^not ok' <<<"$out" | grep -vc 'acme: ')" 0
ok "an expected tree" is "$(result 'acme: as expected')" ok
ok "a tree that stays" is "$(result 'acme: already')" ok
ok "a failure that is expected" is "$(result 'acme: it fails as expected')" ok
ok "another content is shown" has "$(why 'acme: not as expected')" "# -two
# +three"
ok "with what was expected" has "$(why 'acme: not as expected')" "the file tree differs from $trees/after"
ok "a change where none is expected" has "$(why 'acme: not unchanged')" "the file tree should not have changed"
ok "a script that does not look first" has "$(why 'acme: it does not look first')" "a second run changes again what the first has done"
ok "a script that fails" has "$(why 'acme: it fails')" "carrying out the plan fails: it is broken"
ok "a link that leads out is refused" has "$(why 'acme: a link that leads out')" "this link leads out of the tree"
ok "a program of the tree does not run on the host" test ! -e "$tmp/escaped"
ok "a file of the host stays there" has "$(why 'acme: a file of the host')" "/etc/passwd is no file that the command line named"
ok "nothing is left behind" is "$(find "$tmp" -maxdepth 1 -name 'v2v-engine*')" ""

done_testing
