# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the command line, which start no appliance.
cli_tests = \
	tests/cli/doc.t \
	tests/cli/doctor.t \
	tests/cli/pages.t \
	tests/cli/phony-disks.t \
	tests/cli/new.t \
	tests/cli/rule-files.t \
	tests/cli/interface.t \
	tests/cli/rules.t \
	tests/cli/rule-tests.t \
	tests/cli/check.t \
	tests/rules/broken.t \
	tests/rules/shipped.t \
	tests/cli/archives.t \
	tests/cli/capture.t \
	tests/cli/bad-input.t \
	tests/cli/complete.t \
	tests/cli/editors.t \
	tests/cli/fmt.t \
	tests/cli/explain.t \
	tests/cli/guest-lists.t \
	tests/cli/guests-page.t \
	tests/cli/hardened.t \
	tests/cli/hostile.t \
	tests/cli/hypervisors.t \
	tests/cli/interrupted.t \
	tests/cli/leftovers.t \
	tests/cli/link.t \
	tests/cli/network.t \
	tests/cli/names-in-c.t \
	tests/cli/qemu-order.t \
	tests/cli/undo.t \
	tests/cli/messages.t \
	tests/cli/progress.t \
	tests/cli/report.t \
	tests/cli/second-opinion.t \
	tests/cli/service.t \
	tests/cli/sources.t \
	tests/cli/options.t
# Builds packages of the whole program.
slow_tests += tests/cli/packaging.t
EXTRA_DIST += $(cli_tests) tests/cli/packaging.t tests/lib.sh tests/setup tests/all tests/demo .ci/run
EXTRA_DIST += tests/cli/names-in-c.allowed tests/coverage.sh tests/long.sh tests/long-results
EXTRA_DIST += tests/cli/explain/guest.facts tests/cli/explain/small.facts \
	tests/cli/explain/shipped.session tests/cli/explain/small.session \
	tests/cli/explain/small/lua/x.lua tests/cli/explain/small/rules/prelude.v2v \
	tests/cli/explain/small/rules/rules.v2v tests/cli/explain/site/rules/site.v2v
