# SPDX-License-Identifier: GPL-2.0-or-later
#
# Writes rules of three conditions, or the facts they are tried on, in the rule language
# or in that of CLIPS:
#
#   awk -v what=rules|facts -v language=v2v|clips -v rules=10000 -v facts=2000 -f rules.awk
#
# The same numbers give the same rules in both: a release of the system, a package that has
# to be there, and one that must not. Packages come out of 5000 names, as do those of the rules.

function number(below) {
  seed = (seed * 16807) % 2147483647
  return seed % below
}

function write_rules_v2v(   i) {
  print "v2v-rules 1\n"
  print "fact os { type: enum(linux, windows)  major: int }"
  print "fact package each { name: string key  version: string }"
  print "operation remove_application(name: string) phase remove dispatch one batch"
  print "provider rpm for remove_application(name) { when os.type == linux do lua \"x.lua\" remove(name) }\n"
  for (i = 0; i < rules; i++) {
    printf "rule site.rule-%d {\n", i
    printf "  describe \"rule %d of many\"\n", i
    printf "  when  os.type == linux and os.major >= %d\n", number(12)
    printf "  some  package { name == \"package-%d\" }\n", number(5000)
    printf "  no    package { name == \"package-%d\" }\n", number(5000)
    printf "  do    remove_application(\"package-%d\")\n}\n\n", number(5000)
  }
}

function write_rules_clips(   i) {
  print "(deftemplate os (slot type (type SYMBOL) (allowed-values linux windows)) (slot major (type INTEGER)))"
  print "(deftemplate package (slot name (type STRING)) (slot version (type STRING)))"
  print "(deftemplate remove-application (slot name (type STRING)))\n"
  for (i = 0; i < rules; i++) {
    printf "(defrule rule-%d \"rule %d of many\"\n", i, i
    printf "  (os (type linux) (major ?m&:(>= ?m %d)))\n", number(12)
    printf "  (package (name \"package-%d\"))\n", number(5000)
    printf "  (not (package (name \"package-%d\")))\n", number(5000)
    printf "  =>\n  (assert (remove-application (name \"package-%d\"))))\n\n", number(5000)
  }
}

# Every second name, so that each is there once.
function write_facts(   i) {
  if (language == "v2v") {
    print "v2v-rules 1\n\ncapture \"bench\" {"
    print "  given os { type = linux, major = 6 }"
  } else {
    print "(deffacts bench\n  (os (type linux) (major 6))"
  }
  for (i = 0; i < facts - 1; i++)
    if (language == "v2v")
      printf "  given package { name = \"package-%d\", version = \"1.%d-1\" }\n", i * 5000 / (facts - 1), i
    else
      printf "  (package (name \"package-%d\") (version \"1.%d-1\"))\n", i * 5000 / (facts - 1), i
  print language == "v2v" ? "  known os, package\n}" : ")"
}

BEGIN {
  seed = 20240229
  if (what == "facts")
    write_facts()
  else if (language == "v2v")
    write_rules_v2v()
  else
    write_rules_clips()
}
