/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whether the appliance is still running, and errors from its calls.
 */
#include "config.h"

#include "base/log.h"
#include "guest/internal.h"
#include "guest/sandbox.h"

/* libguestfs's message about one call does not help once the appliance has ended, since every
 * call fails. */
#define DIED                                                                                   \
  "the appliance ended unexpectedly: was it killed, or has the host too little memory? "       \
  "Try again; --verbose shows what it said"

gboolean
v2v_guest_has_died (V2vGuest *guest)
{
  return guest->launched && guestfs_is_ready (guest->g) != 1;
}

gboolean
v2v_guest_check_alive (V2vGuest *guest, GError **error)
{
  if (!v2v_guest_has_died (guest) || v2v_sandbox_interrupted ())
    return TRUE;
  g_clear_error (error);
  g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL, DIED);
  return FALSE;
}

void
v2v_guest_set_error (V2vGuest *guest, V2vExit code, GError **error, const char *format, ...)
{
  const char *last = guestfs_last_error (guest->g);
  /* The time limit stopped the appliance, so libguestfs's own message would mislead. */
  gboolean late = v2v_sandbox_interrupted ();
  g_autofree char *why = v2v_printable (late   ? "time is up"
                                        : last ? last
                                               : "unknown error",
                                        -1, TRUE);
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  if (!late && v2v_guest_has_died (guest))
    g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL, "%s: " DIED, what);
  else
    g_set_error (error, V2V_ERROR, late ? V2V_EXIT_TEMPFAIL : code, "%s: %s", what, why);
}
