/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Prints the arguments that qemu gets for a domain document, each on a line of its own, as the script
 * of the output "qemu" has them with TCG.
 *
 * usage: qemu-args DOMAIN-XML
 */
#include "config.h"

#include <stdio.h>

#include "metadata/domain.h"
#include "output/qemu-command.h"

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *stylesheet = v2v_output_file (NULL, "xslt", V2V_QEMU_STYLESHEET, &error);
  xmlDoc *domain = stylesheet && argc == 2 ? v2v_xml_read_file (argv[1], &error) : NULL;
  g_autoptr (GPtrArray) arguments = NULL;
  V2vQemuUse use = {.accel = "tcg", .serial = "stdio", .sockets = "/tmp"};

  if (domain)
    arguments = v2v_qemu_command (stylesheet, domain, &use, &error);
  for (guint i = 0; arguments && i < arguments->len; i++)
    puts (arguments->pdata[i]);
  if (!arguments)
    fprintf (stderr, "qemu-args: %s\n", error ? error->message : "name one domain document");
  if (domain)
    xmlFreeDoc (domain);
  return arguments ? 0 : 1;
}
