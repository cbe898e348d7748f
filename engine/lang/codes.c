/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is told about each kind of mistake: tests/unit/test-codes.c examines every example.
 */
#include "config.h"

#include "lang/codes.h"

const V2vCodeHelp v2v_code_help[] = {
    {
        .code = V2V_CODE_UNREADABLE,
        .title = "a file or directory cannot be read",
        .explanation =
            "A rule file or a directory of rules is not there, may not be read, or is "
            "something other than a file, a directory or a link to /dev/null (which "
            "turns the file of that name off). Look at its name, its permissions "
            "and where it links to.",
    },
    {
        .code = V2V_CODE_LINKED_DIRECTORY,
        .title = "a link to a directory is not followed",
        .explanation =
            "Rules are not searched for behind links to directories, since such links "
            "can lead back to where they are. Link the files themselves, or put "
            "the directory here.",
    },
    {
        .code = V2V_CODE_NO_TREE,
        .title = "a directory of rules without rules/",
        .explanation = "What --rules-dir names, and the directory of the shipped rules, hold "
                       "directories rules/, lua/ and xslt/. This one has no rules/: name the "
                       "directory above it, or make it.",
    },
    {
        .code = V2V_CODE_HEADER,
        .title = "the first line is missing",
        .explanation = "Every rule file says first which version of the language it is "
                       "written in: v2v-rules 1. Nothing but comments and blank lines may "
                       "stand before it.",
        .wrong = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "v2v-rules 1\n"
                 "\n"
                 "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .whole = TRUE,
    },
    {
        .code = V2V_CODE_VERSION,
        .title = "a version of the language that this program does not know",
        .explanation = "The number after v2v-rules is not one that this program reads. The "
                       "file was written for a newer program, or the number is mistyped.",
        .wrong = "v2v-rules 9\n"
                 "\n"
                 "let alpha = os.type == alpha\n"
                 "rule a.alpha { when alpha assert os.console = \"tty0\" }\n",
        .right = "v2v-rules 1\n"
                 "\n"
                 "let alpha = os.type == alpha\n"
                 "rule a.alpha { when alpha assert os.console = \"tty0\" }\n",
        .whole = TRUE,
    },
    {
        .code = V2V_CODE_ENCODING,
        .title = "the file is no UTF-8 text",
        .explanation = "Rule files are UTF-8 without a byte order mark and hold no NUL bytes. "
                       "Save the file so in your editor.",
    },
    {
        .code = V2V_CODE_LIMIT,
        .title = "something is too large, too long or too deep",
        .explanation = "Rules come from many hands, so everything in them has a limit: the "
                       "size of a file, the length of a name or a string, the depth of "
                       "nesting, the size of a number. Make it smaller; of a condition, name "
                       "parts of it with let.",
        .wrong = "rule a.memory {\n"
                 "  when os.memory > 99999999999999999999\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.memory {\n"
                 "  when os.memory > 999999999\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_CAPTURE,
        .title = "a file of facts that is none",
        .explanation = "A file that is given as facts (plan --facts) holds one capture, as "
                       "the command facts prints it, and nothing else.",
    },
    {
        .code = V2V_CODE_CHARACTER,
        .title = "a character without a meaning",
        .explanation = "The character stands outside of a string and means nothing in rules. "
                       "Names are made of the letters A to Z, digits, _ and -. A statement "
                       "ends by itself, without a semicolon.",
        .wrong = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\";\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_STRING,
        .title = "a badly written string",
        .explanation =
            "A string stands in double quotes and ends on its line. In it, a "
            "backslash begins \\\", \\\\, \\n, \\t or \\xHH (two hexadecimal digits); "
            "other control characters are written so too.",
        .wrong = "rule a.alpha {\n"
                 "  when os.product == 'Alpha'\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.product == \"Alpha\"\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_FRACTION,
        .title = "a number with a fraction",
        .explanation = "Numbers are whole. A version such as 7.9 is written in quotes, so "
                       "that 7.10 comes after 7.9.",
        .wrong = "rule a.new {\n"
                 "  when os.version >= 7.9\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.new {\n"
                 "  when os.version >= \"7.9\"\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_OPERATOR,
        .title = "an operator of another language",
        .explanation = "Conditions are joined by the words and, or, not.",
        .wrong = "rule a.new {\n"
                 "  when os.type == alpha && os.major >= 7\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.new {\n"
                 "  when os.type == alpha and os.major >= 7\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_DECLARATION,
        .title = "no declaration begins here",
        .explanation = "Outside of braces a file holds declarations, each beginning with its "
                       "keyword. The keyword is missing or mistyped, or a brace was closed "
                       "too early.",
        .wrong = "rul a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_STATEMENT,
        .title = "no statement begins here",
        .explanation = "Inside the braces of a declaration, each statement begins with one of "
                       "the keywords that the message lists.",
        .wrong = "rule a.alpha {\n"
                 "  if os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_BRACE,
        .title = "braces do not match",
        .explanation = "A { is never closed, or a } closes nothing.",
        .wrong = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_SYNTAX,
        .title = "something else was expected",
        .explanation = "The message says what can stand here and what does.",
        .wrong = "rule a.alpha {\n"
                 "  when os.type ==\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_REPEATED,
        .title = "given more than once",
        .explanation = "This may stand once only in its declaration. A provider does one "
                       "thing and a probe calls one function: for more, write another one.",
        .wrong = "rule a.alpha {\n"
                 "  describe \"guests with Alpha\"\n"
                 "  describe \"Alpha\"\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  describe \"guests with Alpha\"\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_EQUALS,
        .title = "= and == are confused",
        .explanation = "== compares, = sets a value.",
        .wrong = "rule a.alpha {\n"
                 "  when os.type = alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_CHAINED,
        .title = "comparisons in a row",
        .explanation = "A comparison has two sides. Join two comparisons with and.",
        .wrong = "rule a.some {\n"
                 "  when os.major >= 6 < 8\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.some {\n"
                 "  when os.major >= 6 and os.major < 8\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_FIELD_FIRST,
        .title = "the value stands before the field",
        .explanation = "In a comparison the field stands first and what it is compared with "
                       "stands after the operator.",
        .wrong = "rule a.some {\n"
                 "  when 7 <= os.major\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.some {\n"
                 "  when os.major >= 7\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_PHASE_GIVEN,
        .title = "the phase of a declared operation",
        .explanation = "When an operation is acted upon is part of its declaration. Only a "
                       "direct do lua or do xslt says its phase.",
        .wrong = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  do install(\"kernel\") in boot\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  do install(\"kernel\")\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NAMED_NONE,
        .title = "some and no name nothing",
        .explanation = "some and no ask whether there is such a fact. A variable is named by "
                       "each, which takes every one that fits.",
        .wrong = "rule a.hosted {\n"
                 "  some kernel as k { flavour == hosted }\n"
                 "  assert os.console = \"hvc0\"\n"
                 "}\n",
        .right = "rule a.hosted {\n"
                 "  some kernel { flavour == hosted }\n"
                 "  assert os.console = \"hvc0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_FOR_WHAT,
        .title = "a provider or probe does not say what it is for",
        .explanation = "A provider says for which operation it is, a probe which facts it "
                       "provides.",
        .wrong = "provider a {\n"
                 "  do lua \"install.lua\" install(\"x\")\n"
                 "}\n",
        .right = "provider a for install(name) {\n"
                 "  when os.type == beta\n"
                 "  do lua \"install.lua\" install(name)\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_RESERVED,
        .title = "a word with a meaning of its own",
        .explanation = "A let cannot have the name of a word that conditions are made of.",
        .wrong = "let not = os.type == alpha\n",
        .right = "let is-alpha = os.type == alpha\n"
                 "rule a.alpha {\n"
                 "  when is-alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_DOTS,
        .title = "too many dots in a field",
        .explanation = "A field is written FACT.FIELD, or VARIABLE.FIELD after each.",
        .wrong = "rule a.alpha {\n"
                 "  when os.type.name == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_SINCE,
        .title = "something that came after the interface of the file",
        .explanation =
            "The first line says which interface the file is made for, and a program "
            "that has no more than that could not read it: raise the number there. "
            "What a file declares cannot be since an interface that it is not made "
            "for, either.",
        .wrong = "enum sizes { small large since 9 }\n"
                 "fact parcel { size: sizes }\n",
        .right = "enum sizes { small large }\n"
                 "fact parcel { size: sizes }\n",
    },
    {
        .code = V2V_CODE_DEPRECATED,
        .title = "something that will go",
        .explanation = "It is kept for files that use it already, and is taken out in a later "
                       "version of the language. The hint says what to use instead.",
        .wrong = "enum sizes { small large big deprecated \"write large\" }\n"
                 "fact parcel { size: sizes }\n"
                 "rule a.parcel {\n"
                 "  when parcel.size == big\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "enum sizes { small large big deprecated \"write large\" }\n"
                 "fact parcel { size: sizes }\n"
                 "rule a.parcel {\n"
                 "  when parcel.size == large\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_FACT,
        .title = "there is no such fact",
        .explanation = "No fact of this name is declared, and no each clause before names a "
                       "variable so.",
        .wrong = "rule a.hosted {\n"
                 "  some kernal { flavour == hosted }\n"
                 "  assert os.console = \"hvc0\"\n"
                 "}\n",
        .right = "rule a.hosted {\n"
                 "  some kernel { flavour == hosted }\n"
                 "  assert os.console = \"hvc0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_FIELD,
        .title = "the fact has no such field",
        .explanation = "The declaration of the fact lists its fields.",
        .wrong = "rule a.alpha {\n"
                 "  when os.tpye == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_OPERATION,
        .title = "there is no such operation",
        .explanation = "No operation of this name is declared. What can be done is said by "
                       "the declarations that begin with operation.",
        .wrong = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  do instal(\"kernel\")\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  do install(\"kernel\")\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_PARAMETER,
        .title = "there is no such parameter",
        .explanation = "The operation has no parameter of this name, or a word here is "
                       "neither a value nor a parameter. The declaration of the operation "
                       "lists its parameters; a text stands in quotes.",
        .wrong = "provider a for install(name) {\n"
                 "  when os.type == beta\n"
                 "  do lua \"install.lua\" install(nmae)\n"
                 "}\n",
        .right = "provider a for install(name) {\n"
                 "  when os.type == beta\n"
                 "  do lua \"install.lua\" install(name)\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_TYPE,
        .title = "there is no such type or enum",
        .explanation = "A type is one of the language's own (such as string, int, bool, size, "
                       "path) or a declared enum.",
        .wrong = "fact disk {\n"
                 "  device: sting\n"
                 "}\n",
        .right = "fact disk {\n"
                 "  device: string\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_WORD,
        .title = "the enum has no such word",
        .explanation = "A field whose type is an enum has one of its words. A new one is "
                       "added with name ENUM WORD.",
        .wrong = "rule a.acme {\n"
                 "  when os.id == acem\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.acme {\n"
                 "  when os.id == acme\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_CONDITION,
        .title = "there is no such named condition",
        .explanation = "A word alone in a condition is the name of a let, and there is none "
                       "of this name.",
        .wrong = "let is-alpha = os.type == alpha\n"
                 "rule a.alpha {\n"
                 "  when is-alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n"
                 "rule a.other {\n"
                 "  when is-aplha\n"
                 "  assert os.family = acme-like\n"
                 "}\n",
        .right = "let is-alpha = os.type == alpha\n"
                 "rule a.alpha {\n"
                 "  when is-alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_PROVIDER,
        .title = "there is no such provider",
        .explanation = "The operation has no provider of this name that is in effect.",
        .wrong = "provider beta-installer for install(name) {\n"
                 "  when os.type == beta\n"
                 "  over instaler\n"
                 "  do lua \"install.lua\" install(name)\n"
                 "}\n",
        .right = "provider beta-installer for install(name) {\n"
                 "  when os.type == beta\n"
                 "  over installer\n"
                 "  do lua \"install.lua\" install(name)\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_PHASE,
        .title = "there is no such phase",
        .explanation = "The phases, in their order, are install, remove, configure, boot, "
                       "unconfigure-metadata, configure-metadata.",
        .wrong = "operation tidy() phase cleanup\n"
                 "provider tidy for tidy() {\n"
                 "  do lua \"install.lua\" install(\"x\")\n"
                 "}\n"
                 "rule a.tidy {\n"
                 "  when os.type == alpha\n"
                 "  do tidy()\n"
                 "}\n",
        .right = "operation tidy() phase remove\n"
                 "provider tidy for tidy() {\n"
                 "  do lua \"install.lua\" install(\"x\")\n"
                 "}\n"
                 "rule a.tidy {\n"
                 "  when os.type == alpha\n"
                 "  do tidy()\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_ORIGIN,
        .title = "facts cannot come from there",
        .explanation = "After from stands one of the places that facts are taken from; the "
                       "message lists them. Facts of rules and probes have no from.",
        .wrong = "fact disk each from domian \"/domain/devices/disk\" {\n"
                 "  target: string key from \"target/@dev\"\n"
                 "}\n",
        .right = "fact disk each from domain \"/domain/devices/disk\" {\n"
                 "  target: string key from \"target/@dev\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_TARGET,
        .title = "nothing to override or disable",
        .explanation = "What override or disable names is not there. It may have been renamed "
                       "or removed.",
        .wrong = "disable rule base.famly\n",
        .right = "disable rule base.family\n",
    },
    {
        .code = V2V_CODE_NO_FILE,
        .title = "there is no such file",
        .explanation = "A script is looked for in lua/ or xslt/ of the directory of rules that "
                       "names it, then in the others; the file of a test is looked for beside "
                       "it.",
        .wrong = "rule a.tidy {\n"
                 "  when os.type == alpha\n"
                 "  do lua \"instal.lua\" install(\"x\") in remove\n"
                 "}\n",
        .right = "rule a.tidy {\n"
                 "  when os.type == alpha\n"
                 "  do lua \"install.lua\" install(\"x\") in remove\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_SUBJECT,
        .title = "a field alone does not say of which fact",
        .explanation = "Outside of the braces of a fact, a field is written FACT.FIELD.",
        .wrong = "rule a.alpha {\n"
                 "  when type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NOT_A_FACT,
        .title = "an operation is taken for a fact",
        .explanation = "A test expects a request with expect OPERATION or expect "
                       "OPERATION(ARGUMENTS); braces are for facts.",
        .wrong = "test \"alpha\" {\n"
                 "  given os { type = alpha }\n"
                 "  expect no install { name == \"kernel\" }\n"
                 "}\n",
        .right = "test \"alpha\" {\n"
                 "  given os { type = alpha }\n"
                 "  expect no install(\"kernel\")\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_LATER,
        .title = "a variable is used before it is named",
        .explanation = "An each clause names its variable for what stands after it. Move it "
                       "up.",
        .wrong = "rule a.kernels {\n"
                 "  when k.image is set\n"
                 "  each kernel as k { flavour == hosted }\n"
                 "  do start(k.version)\n"
                 "}\n",
        .right = "rule a.kernels {\n"
                 "  each kernel as k { flavour == hosted }\n"
                 "  when k.image is set\n"
                 "  do start(k.version)\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_OPTIONS,
        .title = "no fact holds the options",
        .explanation = "Options that rule files declare are fields of the one fact that is "
                       "declared with from options, and there is none: the shipped rules are "
                       "missing.",
    },
    {
        .code = V2V_CODE_NO_PROBE,
        .title = "there is no such probe",
        .explanation = "After probed, a test names probes that are to look into its tree of "
                       "files; v2v-engine rules lists them.",
    },
    {
        .code = V2V_CODE_DUPLICATE,
        .title = "declared twice",
        .explanation = "The name is taken by a declaration of the same kind, at the place "
                       "that the message names. To replace a rule, provider or probe of "
                       "another directory of rules, write override before it.",
        .wrong = "let is-alpha = os.type == alpha\n"
                 "let is-alpha = os.type == alpha\n"
                 "rule a.alpha {\n"
                 "  when is-alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "let is-alpha = os.type == alpha\n"
                 "rule a.alpha {\n"
                 "  when is-alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_TAKEN,
        .title = "a name that means something else already",
        .explanation = "A variable or operation cannot have the name of a fact, and an enum "
                       "not that of a type of the language.",
        .wrong = "rule a.kernels {\n"
                 "  each kernel as kernel { flavour == hosted }\n"
                 "  do start(kernel.version)\n"
                 "}\n",
        .right = "rule a.kernels {\n"
                 "  each kernel as k { flavour == hosted }\n"
                 "  do start(k.version)\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_SET_TWICE,
        .title = "a field is set twice",
        .explanation = "Within one pair of braces each field is set once.",
        .wrong = "test \"alpha\" {\n"
                 "  given os { type = alpha, type = beta }\n"
                 "  expect no install\n"
                 "}\n",
        .right = "test \"alpha\" {\n"
                 "  given os { type = alpha }\n"
                 "  expect no install\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_OVERRIDDEN,
        .title = "overridden or disabled twice",
        .explanation = "One directory of rules overrides or disables the same thing once.",
        .wrong = "disable rule base.family\n"
                 "override rule base.family {\n"
                 "  when os.id == thunder\n"
                 "  assert os.family = other-like\n"
                 "}\n",
        .right = "override rule base.family {\n"
                 "  when os.id == thunder\n"
                 "  assert os.family = other-like\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_OLD_NAME,
        .title = "an old name that is in use",
        .explanation = "was says how a rule was called before. That name is still the name of "
                       "a rule, or another rule says the same.",
        .wrong = "rule a.family was base.family {\n"
                 "  when os.id == acme\n"
                 "  assert os.family = acme-like\n"
                 "}\n",
        .right = "rule a.family was a.old-family {\n"
                 "  when os.id == acme\n"
                 "  assert os.family = acme-like\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_RENAMED,
        .title = "the old name of a rule",
        .explanation = "The rule that is overridden or disabled has another name now. Its old "
                       "name still works; write the new one.",
        .wrong = "rule a.family was a.old-family {\n"
                 "  when os.id == acme\n"
                 "  assert os.family = acme-like\n"
                 "}\n"
                 "disable rule a.old-family\n",
        .right = "rule a.family was a.old-family {\n"
                 "  when os.id == acme\n"
                 "  assert os.family = acme-like\n"
                 "}\n"
                 "disable rule a.family\n",
    },
    {
        .code = V2V_CODE_TYPE,
        .title = "the value has another type",
        .explanation = "The field or parameter has a type, and the value does not fit it. A "
                       "text and a version stand in quotes, a number and a word of an enum do "
                       "not.",
        .wrong = "rule a.new {\n"
                 "  when os.major == \"seven\"\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.new {\n"
                 "  when os.major == 7\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_ORDER,
        .title = "what has no order is compared by order",
        .explanation = "Only numbers, sizes and versions can be less or greater. Compare with "
                       "==, != or in.",
        .wrong = "rule a.some {\n"
                 "  when os.type >= alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.some {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_PATTERN,
        .title = "no pattern fits this type",
        .explanation = "Patterns (~) are for texts. Compare with ==, or say in [ ... ].",
        .wrong = "rule a.some {\n"
                 "  when os.major ~ \"7*\"\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.some {\n"
                 "  when os.major == 7\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NEGATIVE,
        .title = "a negative size",
        .explanation = "A size is a number of bytes, 0 or more.",
        .wrong = "rule a.some {\n"
                 "  when os.memory > -1\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.some {\n"
                 "  when os.memory > 1\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_PATH,
        .title = "a path that does not begin with /",
        .explanation = "Paths are those of the guest, in full.",
        .wrong = "rule a.some {\n"
                 "  some file { path == \"etc/hosts\" }\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.some {\n"
                 "  some file { path == \"/etc/hosts\" }\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_WHICH,
        .title = "of many facts, which one?",
        .explanation = "There may be many facts of this kind (it is declared each), so "
                       "FACT.FIELD does not say which one is meant. Name one with each, or "
                       "ask whether there is one with some.",
        .wrong = "rule a.hosted {\n"
                 "  when kernel.flavour == hosted\n"
                 "  assert os.console = \"hvc0\"\n"
                 "}\n",
        .right = "rule a.hosted {\n"
                 "  some kernel { flavour == hosted }\n"
                 "  assert os.console = \"hvc0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_ALWAYS_ONE,
        .title = "of this fact there is always one",
        .explanation = "each, some and no look for facts of which there may be many. Of this "
                       "one there is always exactly one: ask with when.",
        .wrong = "rule a.alpha {\n"
                 "  some os { type == alpha }\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_PATH_KEY,
        .title = "the path of a file has to be named",
        .explanation = "All files that rules ask about are looked up in the guest in one go, "
                       "so each clause names the path in full.",
        .wrong = "rule a.big {\n"
                 "  some file { size > 100 }\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.big {\n"
                 "  some file { path == \"/etc/hosts\" and size > 100 }\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_XPATH,
        .title = "no XPath expression",
        .explanation = "The text is not XPath 1.0.",
        .wrong = "rule a.tpm {\n"
                 "  when domain \"//devices/[\"\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.tpm {\n"
                 "  when domain \"//devices/tpm\"\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_CONSTANT,
        .title = "a constant is expected",
        .explanation = "What a test is given, and the arguments it expects, are values and "
                       "not fields of facts.",
        .wrong = "test \"alpha\" {\n"
                 "  given os { type = alpha, product = os.console }\n"
                 "  expect no install\n"
                 "}\n",
        .right = "test \"alpha\" {\n"
                 "  given os { type = alpha, product = \"Alpha\" }\n"
                 "  expect no install\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_ARGUMENTS,
        .title = "the wrong number of arguments",
        .explanation = "An operation is asked for with as many arguments as its declaration "
                       "has parameters, in their order.",
        .wrong = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  do install(\"kernel\", \"7\")\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  do install(\"kernel\")\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_MESSAGE,
        .title = "braces in a message",
        .explanation = "In the text of fail and warn, {FACT.FIELD} is replaced by its value. "
                       "A brace itself is written twice.",
        .wrong = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  warn \"this is {os} Alpha\"\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  warn \"this is {os.product} Alpha\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NO_NAMES,
        .title = "words are added to something other than an enum",
        .explanation = "name adds a word to an enum, or to a field whose type is one.",
        .wrong = "name os.product alpha\n",
        .right = "name os.type gamma\n",
    },
    {
        .code = V2V_CODE_OUTSIDE,
        .title = "a path that leads out of the directory",
        .explanation =
            "Files and directories that a test names are below the directory of its file, "
            "without \"..\" and without links that lead elsewhere: tests of others "
            "are run, too.",
        .wrong = "test \"t\" {\n"
                 "  given tree \"../elsewhere\"\n"
                 "  expect no relabel\n"
                 "}\n",
        .right = "test \"t\" {\n"
                 "  expect no relabel\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_TREE,
        .title = "a tree of files that is not there",
        .explanation = "Probes look into the files that a test gives (given tree), and expect "
                       "tree compares them afterwards; captures hold facts alone.",
        .wrong = "test \"t\" {\n"
                 "  expect tree unchanged\n"
                 "}\n",
        .right = "test \"t\" {\n"
                 "  expect no relabel\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_EMPTY,
        .title = "something is empty",
        .explanation = "A rule concludes something, a provider or probe calls something, a "
                       "test expects something, and an enum has words.",
        .wrong = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_FROM,
        .title = "from does not fit",
        .explanation = "from says where the values of a fact are found in the metadata, with "
                       "an XPath for some origins. Derived fields and facts of rules and "
                       "probes have no from.",
        .wrong = "fact disk {\n"
                 "  device: string from \"target/@dev\"\n"
                 "}\n",
        .right = "fact disk {\n"
                 "  device: string\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_KEY,
        .title = "a key that cannot be one",
        .explanation = "Keys tell facts of one kind apart: only facts that there may be many "
                       "of (each) have some, and rules do not set them. Facts from paths have "
                       "one key, a path.",
        .wrong = "fact disk {\n"
                 "  device: string key\n"
                 "}\n",
        .right = "fact disk each {\n"
                 "  device: string key\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_KEY_UNSET,
        .title = "a key is not set",
        .explanation = "A fact that a rule adds has all its keys set.",
        .wrong = "rule a.note {\n"
                 "  when os.type == alpha\n"
                 "  assert note { level = 1 }\n"
                 "}\n",
        .right = "rule a.note {\n"
                 "  when os.type == alpha\n"
                 "  assert note { text = \"alpha\", level = 1 }\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_DERIVED,
        .title = "a single fact cannot be derived as a whole",
        .explanation = "Facts that rules add are many (each). Of a fact that there is one of, "
                       "the fields that rules set are derived.",
        .wrong = "fact verdict derived {\n"
                 "  text: string\n"
                 "}\n",
        .right = "fact verdict {\n"
                 "  text: string derived\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_OPTIONS_EACH,
        .title = "the fact of options is one",
        .explanation = "There is one set of options, so its fact is not declared each.",
        .wrong = "fact choice each from options {\n"
                 "  name: string key\n"
                 "}\n",
        .right = "fact choice {\n"
                 "  name: string\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_METAVAR,
        .title = "a flag with a metavar",
        .explanation = "A metavar stands in the help for the value of an option, and a flag "
                       "has no value.",
        .wrong = "option slow flag {\n"
                 "  metavar \"SPEED\"\n"
                 "  describe \"be slow\"\n"
                 "}\n",
        .right = "option slow flag {\n"
                 "  describe \"be slow\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_PARAMETERS,
        .title = "a provider names other parameters",
        .explanation = "After for, a provider repeats the parameters of its operation: the "
                       "same names in the same order.",
        .wrong = "provider a for install(package) {\n"
                 "  when os.type == beta\n"
                 "  do lua \"install.lua\" install(\"x\")\n"
                 "}\n",
        .right = "provider a for install(name) {\n"
                 "  when os.type == beta\n"
                 "  do lua \"install.lua\" install(name)\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_PRIVATE,
        .title = "private is said of what cannot be",
        .explanation = "Strings and paths can be private, of one of the kinds that the hint "
                       "names, or public, and not both.",
        .wrong = "fact parcel { sender: int private name }\n",
        .right = "fact parcel { sender: string private name }\n",
    },
    {
        .code = V2V_CODE_NOT_DERIVED,
        .title = "rules may not set this",
        .explanation = "Rules set fields, and add facts, that are declared derived. Others "
                       "are filled by sources and probes.",
        .wrong = "rule a.alpha {\n"
                 "  when os.major == 7\n"
                 "  assert os.type = alpha\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.major == 7\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_DEFAULT,
        .title = "a default of a fact that there are many of",
        .explanation = "default sets a field that no assert set, of a fact that there is one "
                       "of.",
        .wrong = "rule a.kernels {\n"
                 "  each kernel as k { flavour == hosted }\n"
                 "  default k.usable = true\n"
                 "}\n",
        .right = "rule a.kernels {\n"
                 "  each kernel as k { flavour == hosted }\n"
                 "  assert k.usable = true\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_REQUESTS,
        .title = "requests are asked for too early",
        .explanation = "Requests are known when all rules have been run. Only a rule that "
                       "fails or warns can ask for them.",
        .wrong = "rule a.alpha {\n"
                 "  some request install { name == \"kernel\" }\n"
                 "  do install(\"tools\")\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  some request install { name == \"kernel\" }\n"
                 "  warn \"a kernel is installed\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_SCRIPT_PHASE,
        .title = "a script in a phase for which it is not",
        .explanation = "Lua scripts edit the guest, in the phases install, remove, configure "
                       "and boot. Stylesheets edit the metadata, in unconfigure-metadata and "
                       "configure-metadata.",
        .wrong = "rule a.tidy {\n"
                 "  when os.type == alpha\n"
                 "  do lua \"install.lua\" install(\"x\") in configure-metadata\n"
                 "}\n",
        .right = "rule a.tidy {\n"
                 "  when os.type == alpha\n"
                 "  do lua \"install.lua\" install(\"x\") in remove\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_PHASE_UNKNOWN,
        .title = "the phase of a stylesheet is not known",
        .explanation = "The name of a stylesheet that is called directly begins with "
                       "unconfigure- or configure-, or its phase is given.",
        .wrong = "rule a.edit {\n"
                 "  when os.type == alpha\n"
                 "  do xslt \"all.xsl\"\n"
                 "}\n",
        .right = "rule a.edit {\n"
                 "  when os.type == alpha\n"
                 "  do xslt \"configure-all.xsl\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_PHASE_ORDER,
        .title = "an order against the phases",
        .explanation = "What runs in an earlier phase cannot come after what runs in a later "
                       "one, and a provider not before the phase of its operation.",
        .wrong = "operation tidy() phase install {\n"
                 "  after start\n"
                 "}\n"
                 "provider tidy for tidy() {\n"
                 "  do lua \"install.lua\" install(\"x\")\n"
                 "}\n"
                 "rule a.tidy {\n"
                 "  when os.type == alpha\n"
                 "  do tidy()\n"
                 "}\n",
        .right = "operation tidy() phase install {\n"
                 "  after install\n"
                 "}\n"
                 "provider tidy for tidy() {\n"
                 "  do lua \"install.lua\" install(\"x\")\n"
                 "}\n"
                 "rule a.tidy {\n"
                 "  when os.type == alpha\n"
                 "  do tidy()\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_CYCLE,
        .title = "things that wait for each other",
        .explanation = "A let that needs itself, operations or providers that come after each "
                       "other, or providers that go over each other. Break it.",
        .wrong = "let a = b\n"
                 "let b = a\n",
        .right = "let b = os.type == alpha\n"
                 "let a = b\n"
                 "rule a.alpha {\n"
                 "  when a\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_STRATUM,
        .title = "a conclusion that depends on its own absence",
        .explanation = "Whether a fact is absent, unset or different can be asked once all "
                       "rules about it have been run. Here the answer would change what was "
                       "asked.",
        .wrong = "rule a.console {\n"
                 "  when os.console is unset\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.console {\n"
                 "  when os.type == alpha\n"
                 "  default os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_BATCH,
        .title = "the provider of a batch takes parameters only",
        .explanation = "A provider of a batch is called once with all requests, so what it is "
                       "called with are the parameters of its operation. The script reads "
                       "other facts itself.",
        .wrong = "provider a for enable(driver, kernel) {\n"
                 "  when os.type == alpha\n"
                 "  over enabler\n"
                 "  do lua \"install.lua\" install(driver, os.product)\n"
                 "}\n",
        .right = "provider a for enable(driver, kernel) {\n"
                 "  when os.type == alpha\n"
                 "  over enabler\n"
                 "  do lua \"install.lua\" install(driver, kernel)\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NOT_PROBED,
        .title = "these facts do not come from probes",
        .explanation = "A probe provides facts that are declared without from: others are "
                       "filled by the place that is named there.",
        .wrong = "probe files provides file {\n"
                 "  lua \"install.lua\" kernels()\n"
                 "}\n",
        .right = "probe packages provides package {\n"
                 "  lua \"install.lua\" kernels()\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_UNPROVIDED,
        .title = "nothing does what is asked for",
        .explanation = "A rule asks for an operation that no provider does. Write one, or "
                       "declare the operation optional.",
        .wrong = "rule a.edit {\n"
                 "  when os.type == alpha\n"
                 "  do edit()\n"
                 "}\n",
        .right = "provider edit for edit() {\n"
                 "  do xslt \"all.xsl\"\n"
                 "}\n"
                 "rule a.edit {\n"
                 "  when os.type == alpha\n"
                 "  do edit()\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_SCRIPT_NAME,
        .title = "how a script is named",
        .explanation = "A script is named relative to lua/ or xslt/ of its directory of rules, "
                       "without .. in it.",
        .wrong = "rule a.tidy {\n"
                 "  when os.type == alpha\n"
                 "  do lua \"../install.lua\" install(\"x\") in remove\n"
                 "}\n",
        .right = "rule a.tidy {\n"
                 "  when os.type == alpha\n"
                 "  do lua \"install.lua\" install(\"x\") in remove\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_STYLESHEET,
        .title = "a stylesheet does not load",
        .explanation = "The file is no XML, or no XSLT 1.0. The message says where it is "
                       "wrong.",
        .wrong = "rule a.edit {\n"
                 "  when os.type == alpha\n"
                 "  do xslt \"broken.xsl\" in configure-metadata\n"
                 "}\n",
        .right = "rule a.edit {\n"
                 "  when os.type == alpha\n"
                 "  do xslt \"all.xsl\" in configure-metadata\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_FUNCTION,
        .title = "a function cannot be called",
        .explanation = "The script does not load, or does not return a function of this name.",
        .wrong = "rule a.tidy {\n"
                 "  when os.type == alpha\n"
                 "  do lua \"install.lua\" instal(\"x\") in remove\n"
                 "}\n",
        .right = "rule a.tidy {\n"
                 "  when os.type == alpha\n"
                 "  do lua \"install.lua\" install(\"x\") in remove\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_NEVER,
        .title = "a condition that can never hold",
        .explanation = "What stands here contradicts itself or what stands before: no value "
                       "of the field fits all of it.",
        .wrong = "rule a.some {\n"
                 "  when os.major >= 8\n"
                 "  when os.major < 6\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
        .right = "rule a.some {\n"
                 "  when os.major >= 6\n"
                 "  when os.major < 8\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_OVERLAP,
        .title = "two providers can both fit",
        .explanation = "Of the providers of an operation that is dispatched to one, the one "
                       "whose conditions are narrower is taken. Of these two neither is "
                       "narrower, and there may be a guest that both fit. Say with over which "
                       "goes first, or make one exclude the other.",
        .wrong = "provider old-installer for install(name) {\n"
                 "  when os.major < 7\n"
                 "  do lua \"install.lua\" install(name)\n"
                 "}\n"
                 "provider alpha-installer for install(name) {\n"
                 "  when os.type == alpha\n"
                 "  do lua \"install.lua\" install(name)\n"
                 "}\n"
                 "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  do install(\"kernel\")\n"
                 "}\n",
        .right = "provider old-installer for install(name) {\n"
                 "  when os.major < 7\n"
                 "  over alpha-installer\n"
                 "  do lua \"install.lua\" install(name)\n"
                 "}\n"
                 "provider alpha-installer for install(name) {\n"
                 "  when os.type == alpha\n"
                 "  do lua \"install.lua\" install(name)\n"
                 "}\n"
                 "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  do install(\"kernel\")\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_CONTRADICTION,
        .title = "two rules set one field to different values",
        .explanation = "Where both rules fire, the guest cannot be converted, since the field "
                       "has one value. Make one exclude the other, or let one give a default.",
        .wrong = "rule a.alpha {\n"
                 "  when os.type == alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n"
                 "rule a.new {\n"
                 "  when os.major >= 7\n"
                 "  assert os.console = \"ttyS0\"\n"
                 "}\n",
        .right = "rule a.alpha {\n"
                 "  when os.type == alpha and os.major < 7\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n"
                 "rule a.new {\n"
                 "  when os.major >= 7\n"
                 "  assert os.console = \"ttyS0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_UNREACHED,
        .title = "a provider that nothing reaches",
        .explanation = "No rule asks for the operation of this provider.",
        .wrong = "operation tidy() phase remove\n"
                 "provider tidy for tidy() {\n"
                 "  do lua \"install.lua\" install(\"x\")\n"
                 "}\n",
        .right = "operation tidy() phase remove\n"
                 "provider tidy for tidy() {\n"
                 "  do lua \"install.lua\" install(\"x\")\n"
                 "}\n"
                 "rule a.tidy {\n"
                 "  when os.type == alpha\n"
                 "  do tidy()\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_UNUSED,
        .title = "declared and never used",
        .explanation = "Nothing uses what is declared here. Its name may be mistyped where it "
                       "should be used; otherwise leave it out.",
        .wrong = "let is-alpha = os.type == alpha\n",
        .right = "let is-alpha = os.type == alpha\n"
                 "rule a.alpha {\n"
                 "  when is-alpha\n"
                 "  assert os.console = \"tty0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_UNUSED_VARIABLE,
        .title = "a variable that is never used",
        .explanation = "The rule concludes the same for each fact. If it asks only whether "
                       "there is one, write some; otherwise leave the name out, or use it.",
        .wrong = "rule a.hosted {\n"
                 "  each kernel as k { flavour == hosted }\n"
                 "  assert os.console = \"hvc0\"\n"
                 "}\n",
        .right = "rule a.hosted {\n"
                 "  some kernel { flavour == hosted }\n"
                 "  assert os.console = \"hvc0\"\n"
                 "}\n",
    },
    {
        .code = V2V_CODE_UNTESTED,
        .title = "a rule that no test fires",
        .explanation =
            "A rule that no test fires can break without anybody noticing. Write a "
            "test that gives what the rule asks for, in the same file or in one that "
            "ends in .test.v2v, and another in which the rule stays quiet: "
            "v2v-engine test --coverage lists what is missing.",
    },
    {.code = 0},
};

const V2vCodeHelp *
v2v_code_find (const char *name)
{
  for (const V2vCodeHelp *help = v2v_code_help; help->code != 0; help++) {
    char code[16];

    g_snprintf (code, sizeof code, "V2V%03u", help->code);
    if (g_ascii_strcasecmp (code, name) == 0)
      return help;
  }
  return NULL;
}
