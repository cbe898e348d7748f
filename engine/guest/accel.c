/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whether this host can run guests with KVM. A guest may hang although /dev/kvm can be opened,
 * so the processor's features are examined as well.
 */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "guest/internal.h"

/* Whether a line "flags : ..." contains FLAG as a word. */
static gboolean
has_flag (const char *cpuinfo, const char *flag)
{
  gsize length = strlen (flag);

  for (const char *line = cpuinfo; line && *line;) {
    const char *end = strchrnul (line, '\n');

    if (g_str_has_prefix (line, "flags") || g_str_has_prefix (line, "Features")) {
      for (const char *p = memchr (line, ':', (gsize)(end - line)); p && p < end; p++) {
        if ((*p == ' ' || *p == '\t') && (gsize)(end - p - 1) >= length &&
            memcmp (p + 1, flag, length) == 0 &&
            (p + 1 + length == end || p[1 + length] == ' '))
          return TRUE;
      }
    }
    line = *end ? end + 1 : NULL;
  }
  return FALSE;
}

gboolean
v2v_accel_decide (const char *accel, const char *backend_settings, gboolean kvm_opens,
                  const char *x86_cpuinfo, const char **why_r)
{
  const char *ignored;

  if (why_r == NULL)
    why_r = &ignored;
  *why_r = NULL;
  if (g_strcmp0 (accel, "kvm") == 0)
    return TRUE;
  if (g_strcmp0 (accel, "tcg") == 0) {
    *why_r = "V2V_ENGINE_ACCEL=tcg asks for emulation";
    return FALSE;
  }
  if (backend_settings) {
    g_auto (GStrv) settings = g_strsplit (backend_settings, ":", -1);

    for (guint i = 0; settings[i]; i++) {
      if (strcmp (settings[i], "force_tcg") == 0 || strcmp (settings[i], "force_tcg=1") == 0) {
        *why_r = "LIBGUESTFS_BACKEND_SETTINGS asks for emulation";
        return FALSE;
      }
    }
  }
  if (!kvm_opens) {
    *why_r = "/dev/kvm cannot be opened";
    return FALSE;
  }
  if (x86_cpuinfo && !has_flag (x86_cpuinfo, "vmx") && !has_flag (x86_cpuinfo, "svm")) {
    *why_r = "the processor lacks vmx and svm";
    return FALSE;
  }
  return TRUE;
}

gboolean
v2v_accel_check (GError **error)
{
  const char *accel = g_getenv ("V2V_ENGINE_ACCEL");

  if (accel == NULL || *accel == '\0' || strcmp (accel, "kvm") == 0 ||
      strcmp (accel, "tcg") == 0)
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_USAGE,
      "the environment variable V2V_ENGINE_ACCEL is \"%s\": expected kvm or tcg; unset "
      "it to have the host examined",
      accel);
  return FALSE;
}

gboolean
v2v_host_has_kvm (const char **why_r)
{
  g_autofree char *cpuinfo = NULL;
  int fd = open ("/dev/kvm", O_RDWR | O_CLOEXEC);

  if (fd >= 0)
    close (fd);
#if defined __x86_64__ || defined __i386__
  g_file_get_contents ("/proc/cpuinfo", &cpuinfo, NULL, NULL);
#endif
  return v2v_accel_decide (g_getenv ("V2V_ENGINE_ACCEL"),
                           g_getenv ("LIBGUESTFS_BACKEND_SETTINGS"), fd >= 0, cpuinfo, why_r);
}
