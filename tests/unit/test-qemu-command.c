/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Command lines for qemu: whole, by what the caller wants, from hostile values; and qemu itself
 * takes them.
 *
 * tests/outputs/NAME.xml gives tests/outputs/NAME.args, an argument a line.
 * $V2V_TEST_WRITE=1 writes the results instead.
 */
#include "config.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/log.h"
#include "base/process.h"
#include "metadata/domain.h"
#include "output/firmware.h"
#include "output/qemu-command.h"

#include "disk-util.h"

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (xmlDocPtr, xmlFreeDoc, NULL)

#define BEGIN "<domain type='kvm'><name>n</name><memory>131072</memory><vcpu>1</vcpu>"
#define OS "<os><type arch='x86_64' machine='pc'>hvm</type></os><features><acpi/></features>"

static char *stylesheet;

static xmlDoc *
doc_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  xmlDoc *doc = v2v_xml_read_memory ("test.xml", text, strlen (text), &error);

  g_assert_no_error (error);
  return doc;
}

static GPtrArray *
command_of (xmlDoc *doc, const V2vQemuUse *use)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *arguments = v2v_qemu_command (stylesheet, doc, use, &error);

  g_assert_no_error (error);
  return arguments;
}

static char *
lines_of (const GPtrArray *arguments)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < arguments->len; i++)
    g_string_append_printf (text, "%s\n", (const char *)arguments->pdata[i]);
  return g_string_free (text, FALSE);
}

/* The arguments of a document that is written out, a line each. */
static char *
lines_for (const char *text, const V2vQemuUse *use)
{
  g_auto (xmlDocPtr) doc = doc_of (text);
  g_autoptr (GPtrArray) arguments = command_of (doc, use);

  return lines_of (arguments);
}

static void
assert_line (const char *lines, const char *expected, gboolean there)
{
  g_autofree char *whole = g_strdup_printf ("\n%s\n", expected);

  if ((strstr (lines, whole) != NULL) != there)
    g_error ("%s \"%s\" in:\n%s", there ? "no" : "there is", expected, lines);
}

static void
assert_whole (const char *name, const char *variant, const V2vQemuUse *use)
{
  const char *srcdir = g_getenv ("V2V_TEST_SRCDIR");
  g_autofree char *before = g_strdup_printf ("%s/tests/outputs/%s.xml", srcdir, name);
  g_autofree char *after = g_strdup_printf ("%s/tests/outputs/%s.args", srcdir, variant);
  g_autoptr (GError) error = NULL;
  g_auto (xmlDocPtr) doc = v2v_xml_read_file (before, &error);
  g_autoptr (GPtrArray) arguments = NULL;
  g_autofree char *lines = NULL, *expected = NULL;

  g_assert_no_error (error);
  arguments = command_of (doc, use);
  lines = lines_of (arguments);
  if (g_getenv ("V2V_TEST_WRITE"))
    g_assert_true (g_file_set_contents (after, lines, -1, NULL));
  g_assert_true (g_file_get_contents (after, &expected, NULL, &error));
  g_assert_cmpstr (lines, ==, expected);
}

static void
test_whole (void)
{
  g_autoptr (GPtrArray) bridges = g_ptr_array_new ();
  V2vQemuUse plain = {
      .accel = "kvm", .serial = "stdio", .tpm = "/run/tpm,x", .sockets = "/run/s"};
  V2vQemuUse isolated = {.accel = "tcg",
                         .network = "isolated",
                         .no_display = TRUE,
                         .no_media = TRUE,
                         .serial = "/tmp/log,x",
                         .memory_kib = 262144,
                         .cpus = 1};

  g_ptr_array_add (bridges, (gpointer) "br0");
  plain.bridges = bridges;
  assert_whole ("everything", "everything", &plain);
  assert_whole ("everything", "everything-isolated", &isolated);
}

static void
test_accelerators (void)
{
  static const struct {
    const char *cpu, *kvm, *tcg;
  } cases[] = {
      {"<cpu mode='host-model'/>", "host", "max,erms=off"},
      {"<cpu mode='maximum'/>", "host", "max,erms=off"},
      {"<cpu><model fallback='allow'>Nehalem</model></cpu>", "Nehalem", "Nehalem"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strconcat (BEGIN OS, cases[i].cpu, "<devices/></domain>", NULL);
    g_autofree char *kvm = lines_for (text, &(V2vQemuUse){.accel = "kvm"});
    g_autofree char *tcg = lines_for (text, &(V2vQemuUse){.accel = "tcg"});
    g_autofree char *with_kvm = g_strdup_printf ("-accel\nkvm\n-cpu\n%s", cases[i].kvm);
    g_autofree char *with_tcg = g_strdup_printf ("-accel\ntcg\n-cpu\n%s", cases[i].tcg);

    assert_line (kvm, with_kvm, TRUE);
    assert_line (tcg, with_tcg, TRUE);
  }
}

/* Where the document has no order for devices, that of <os> counts. */
static void
test_boot_order (void)
{
  g_autofree char *lines = lines_for (
      BEGIN "<os><type machine='pc'>hvm</type><boot dev='cdrom'/><boot dev='hd'/></os><devices>"
            "<disk type='file'><source file='/a'/><target dev='hda' bus='ide'/></disk>"
            "<disk type='file' device='cdrom'><source file='/dev/null'/><target dev='hdc' "
            "bus='ide'/></disk>"
            "</devices></domain>",
      &(V2vQemuUse){NULL});

  assert_line (lines, "ide-hd,bus=ide.0,unit=0,drive=disk0,bootindex=1001", TRUE);
  assert_line (lines, "ide-cd,bus=ide.1,unit=0,drive=disk1,bootindex=2", TRUE);
}

/* Another image in the place of a disk's: nothing of the old one remains. */
static void
test_other_disks (void)
{
  V2vQemuDisk other = {"vda", "/tmp/over,lay", "qcow2"};
  g_autoptr (GPtrArray) disks = g_ptr_array_new ();
  g_autofree char *lines = NULL;

  g_ptr_array_add (disks, &other);
  lines = lines_for (BEGIN OS "<devices><disk type='volume'><driver type='raw'/>"
                              "<source pool='p' volume='v'/><target dev='vda' bus='virtio'/>"
                              "<boot order='1'/></disk></devices></domain>",
                     &(V2vQemuUse){.disks = disks});
  assert_line (lines,
               "{\"node-name\":\"disk0\",\"read-only\":false,\"driver\":\"qcow2\",\"file\":"
               "{\"driver\":\"file\",\"filename\":\"/tmp/over,lay\"}}",
               TRUE);
}

static void
assert_fails (const char *text, V2vExit status, const char *part)
{
  g_auto (xmlDocPtr) doc = doc_of (text);
  g_autoptr (GError) error = NULL;
  GPtrArray *arguments = v2v_qemu_command (stylesheet, doc, &(V2vQemuUse){NULL}, &error);

  g_assert_null (arguments);
  if (error->code != (int)status || !strstr (error->message, part))
    g_error ("%d: %s", error->code, error->message);
}

static void
test_refused (void)
{
  g_autofree char *longest = g_strnfill (70000, 'a');
  g_autofree char *text =
      g_strdup_printf ("<domain><name>%s</name><memory>1</memory><devices/></domain>", longest);

  assert_fails ("<network/>", V2V_EXIT_CONFIG, "the document is not a domain");
  assert_fails ("<domain><memory>much</memory><devices/></domain>", V2V_EXIT_CONFIG,
                "<memory>");
  assert_fails (BEGIN "<devices><disk type='network'><source protocol='nbd'/>"
                      "<target dev='vda' bus='virtio'/></disk></devices></domain>",
                V2V_EXIT_CONFIG, "the disk vda is not a local file");
  assert_fails (BEGIN "<devices><disk type='file'><source file='/a'/>"
                      "<target dev='xvda' bus='xen'/></disk></devices></domain>",
                V2V_EXIT_CONFIG, "on the bus \"xen\"");
  assert_fails (text, V2V_EXIT_DATA, "more than");
  assert_fails (BEGIN "<cpu><model>Nehalem</model><feature name='a=on,b'/></cpu></domain>",
                V2V_EXIT_CONFIG, "no argument: <option> in <argument>");
  assert_fails (BEGIN
                "<os><type>hvm</type><loader type='pflash'>/nonexistent/x.fd</loader></os>"
                "</domain>",
                V2V_EXIT_UNAVAILABLE, "/nonexistent/x.fd is not on this host");
}

/* ---- qemu itself ---- */

/* Returns what qemu answered, its devices among it. To be freed with g_free. */
static char *
assert_taken (GPtrArray *arguments)
{
  static const char *const more[] = {"-S", "-qmp", "stdio", NULL};
  static const char commands[] =
      "{\"execute\":\"qmp_capabilities\"}"
      "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"info qtree\"}}"
      "{\"execute\":\"quit\"}";
  g_autoptr (GPtrArray) bounded = g_ptr_array_new ();
  g_autoptr (GSubprocess) qemu = NULL;
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GError) error = NULL;
  GOutputStream *in;
  GString *said = g_string_new (NULL);

  g_ptr_array_add (bounded, (gpointer) "timeout");
  g_ptr_array_add (bounded, (gpointer) "100");
  for (guint i = 0; i < arguments->len; i++)
    g_ptr_array_add (bounded, arguments->pdata[i]);
  for (int i = 0; more[i]; i++)
    g_ptr_array_add (bounded, (gpointer)more[i]);
  g_ptr_array_add (bounded, NULL);
  qemu = g_subprocess_newv ((const char *const *)bounded->pdata,
                            G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                            &error);
  g_assert_no_error (error);
  /* It forgets what it was asked when the input ends, so that stays open until it has quit. */
  in = g_subprocess_get_stdin_pipe (qemu);
  g_output_stream_write_all (in, commands, strlen (commands), NULL, NULL, &error);
  g_assert_no_error (error);
  do {
    g_clear_pointer (&out, g_bytes_unref);
    out = g_input_stream_read_bytes (g_subprocess_get_stdout_pipe (qemu), 4096, NULL, &error);
    g_assert_no_error (error);
    g_string_append_len (said, g_bytes_get_data (out, NULL), g_bytes_get_size (out));
  } while (g_bytes_get_size (out) > 0);
  g_subprocess_wait_check (qemu, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (said->str, "SHUTDOWN"));
  return g_string_free (said, FALSE);
}

/* Kernels before virtio 1.0 (Linux 4.0) drive a virtio disk by the number of a transitional
 * device only. qemu gives it that on i440fx; behind a port of q35 the disk has another, for
 * which they have no driver: the reason why rules give such guests i440fx. */
static void
test_disk_ids (void)
{
  static const struct {
    const char *machine, *id;
  } cases[] = {{"pc", "pci id 1af4:1001 "}, {"q35", "pci id 1af4:1042 "}};
  g_autofree char *program = g_find_program_in_path ("qemu-system-x86_64");
  g_autofree char *dir = test_dir (), *image = in (dir, "disk");

  if (!program) {
    g_test_skip ("qemu-system-x86_64 is not installed");
    return;
  }
  write_file (image, "", 0);
  g_assert_cmpint (truncate (image, 1024 * 1024), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    V2vQemuDisk disk = {"vda", image, "raw"};
    g_autoptr (GPtrArray) disks = g_ptr_array_new ();
    V2vQemuUse use = {.accel = "tcg", .disks = disks, .network = "none", .no_display = TRUE};
    g_autofree char *text = g_strdup_printf (
        BEGIN "<os><type arch='x86_64' machine='%s'>hvm</type></os>"
              "<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/>"
              "<source file='%s'/><target dev='vda' bus='virtio'/></disk></devices></domain>",
        cases[i].machine, image);
    g_auto (xmlDocPtr) doc = doc_of (text);
    g_autoptr (GPtrArray) arguments = NULL;
    g_autofree char *out = NULL;

    g_ptr_array_add (disks, &disk);
    arguments = command_of (doc, &use);
    out = assert_taken (arguments);
    if (strstr (out, cases[i].id) == NULL)
      g_error ("no %s on %s in: %s", cases[i].id, cases[i].machine, out);
  }
}

static void
test_qemu (void)
{
  const char *srcdir = g_getenv ("V2V_TEST_SRCDIR");
  g_autofree char *path = g_strdup_printf ("%s/tests/outputs/everything.xml", srcdir);
  g_autofree char *program = g_find_program_in_path ("qemu-system-x86_64");
  g_autofree char *dir = test_dir (), *log = in (dir, "serial");
  g_autoptr (GPtrArray) disks = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func (g_free);
  static const char *const targets[] = {"vda", "vdb",     "sda", "sdi", "sdc",
                                        "sdh", "nvme0n1", "sdj", "sdd", "fda"};
  static const char *const machines[] = {"q35", "pc"};

  if (!program) {
    g_test_skip ("qemu-system-x86_64 is not installed");
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++) {
    V2vQemuDisk *disk = g_new0 (V2vQemuDisk, 1);
    g_autofree char *name = g_strdup_printf ("disk,%zu \"\\", i);
    char *image = in (dir, name);

    write_file (image, "", 0);
    g_assert_cmpint (truncate (image, 1474560), ==, 0);
    g_ptr_array_add (images, image);
    *disk = (V2vQemuDisk){targets[i], image, "raw"};
    g_ptr_array_add (disks, disk);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (machines); i++) {
    V2vQemuUse use = {.disks = disks, .network = "isolated", .serial = log, .sockets = dir};
    g_auto (xmlDocPtr) doc = v2v_xml_read_file (path, NULL);
    xmlNode *os = xmlDocGetRootElement (doc)->children;
    g_autoptr (GPtrArray) arguments = NULL;

    while (strcmp ((const char *)os->name, "os") != 0)
      os = os->next;
    xmlSetProp (xmlFirstElementChild (os), BAD_CAST "machine", BAD_CAST machines[i]);
    use.no_display = TRUE;
    arguments = command_of (doc, &use);
    g_free (assert_taken (arguments));
  }
}

/* A card that the domain puts on the first bus is there, unless a port is. */
static void
test_slots (void)
{
#define NIC(SLOT, BUS)                                                                         \
  "<interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/>"            \
  "<address type='pci' domain='0x0000' bus='" BUS "' slot='" SLOT "' function='0x0'/>"         \
  "</interface>"
#define CARD "virtio-net-pci,mac=52:54:00:00:00:01"
  static const struct {
    const char *machine, *nic, *line;
  } cases[] = {
      {"pc", NIC ("0x13", "0x00"), CARD ",addr=0x13"},
      {"pc", NIC ("0x02", "0x00"), CARD},
      {"pc", NIC ("0x1a", "0x00"), CARD},
      {"pc", NIC ("0x04", "0x01"), CARD},
      {"q35", NIC ("0x03", "0x00"), CARD ",bus=pcie.0,addr=0x3"},
      {"q35", NIC ("0x02", "0x00"), CARD ",bus=port1"},
      {"q35", NIC ("0x00", "0x01"), CARD ",bus=port1"},
  };
  V2vQemuUse use = {.accel = "tcg", .network = "none"};

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text =
        g_strdup_printf (BEGIN "<os><type arch='x86_64' machine='%s'>hvm</type></os>"
                               "<devices>%s</devices></domain>",
                         cases[i].machine, cases[i].nic);
    g_autofree char *lines = lines_for (text, &use);

    assert_line (lines, cases[i].line, TRUE);
  }
}

/* Ports to listen to: a PC of either width has them, another machine has not. */
static void
test_listeners (void)
{
  static const struct {
    const char *arch, *machine;
    gboolean there;
  } cases[] = {{"x86_64", "pc", TRUE},
               {"x86_64", "q35", TRUE},
               {"i686", "pc", TRUE},
               {"aarch64", "virt", FALSE}};
  V2vQemuUse use = {
      .accel = "tcg", .network = "none", .firmware_log = "/a,b/f.log", .mark = "/a,b/m.log"};

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strdup_printf (
        BEGIN "<os><type arch='%s' machine='%s'>hvm</type></os><devices/></domain>",
        cases[i].arch, cases[i].machine);
    g_autofree char *lines = lines_for (text, &use);

    assert_line (lines, "file,id=v2v-firmware,path=/a,,b/f.log", cases[i].there);
    assert_line (lines, "isa-debugcon,iobase=0x402,chardev=v2v-firmware", cases[i].there);
    assert_line (lines, "file,id=v2v-mark,path=/a,,b/m.log", cases[i].there);
    assert_line (lines, "isa-serial,chardev=v2v-mark", cases[i].there);
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  setvbuf (stdout, NULL, _IOLBF, 0);
  g_test_init (&argc, &argv, NULL);
  /* Of a qemu that takes no argument of ours the status tells. */
  signal (SIGPIPE, SIG_IGN);
  v2v_log_setup (V2V_QUIET, -1);
  stylesheet = v2v_output_file (NULL, "xslt", V2V_QEMU_STYLESHEET, &error);
  g_assert_no_error (error);
  g_test_add_func ("/qemu-command/whole", test_whole);
  g_test_add_func ("/qemu-command/accelerators", test_accelerators);
  g_test_add_func ("/qemu-command/boot-order", test_boot_order);
  g_test_add_func ("/qemu-command/other-disks", test_other_disks);
  g_test_add_func ("/qemu-command/refused", test_refused);
  g_test_add_func ("/qemu-command/slots", test_slots);
  g_test_add_func ("/qemu-command/listeners", test_listeners);
  g_test_add_func ("/qemu-command/qemu", test_qemu);
  g_test_add_func ("/qemu-command/disk-ids", test_disk_ids);
  status = g_test_run ();
  g_free (stylesheet);
  return status;
}
