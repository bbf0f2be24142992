/* The two texts that answer a question about the program itself. The help is one screen: 80x24 with
 * room for the next prompt. */
#include "ui/options.h"

const char options_version[] = "dcmend " DCMEND_VERSION "\n";

const char options_help[] =
    "Usage: dcmend [OPTION...] [GUID] [SERVER]   repair error 8589, step by step\n"
    "       dcmend browse [SERVER]           the Sites tree, read-only\n"
    "       dcmend symptom [GUID]            what a text is about; asks nobody\n"
    "       dcmend diagnose [--ldif] [GUID] [SERVER]   judge one DSA; never writes\n"
    "       dcmend check [--every-dc] [SERVER]  the forest, as every DC holds it\n"
    "       dcmend bugreport [--names] [GUID] [SERVER]   a file for who mends dcmend\n"
    "       dcmend undo [ENTRY], dcmend log  take a change back; the journal\n"
    "  -f, --file FILE   event or report to start from (- is standard input)\n"
    "  -r, --read-only   no write screen exists  --source SERVER  DC to compare with\n"
    "  --json            for programs            --ticket TEXT    for the journal\n"
    "  --log FILE        what was done           --debug FILE     all that is asked\n"
    "  --nagios          check as a plug-in      --prometheus     check as a textfile\n"
    "  -H URI            ldap://HOST[:PORT] or ldaps://HOST, in place of SERVER\n"
    "  -Y MECH           GSSAPI (default: your Kerberos ticket) or GSS-SPNEGO\n"
    "  -x                simple bind over TLS   -Z  StartTLS  --cacert FILE authority\n"
    "  -D USER           who signs in with a password: -W asks, -y FILE reads it\n"
    "  -h, --help        this text   -V  the version   --ascii  ASCII output only\n"
    "\n"
    "Without SERVER, domain controllers are found by DNS. More: man dcmend\n"
    "Exit status of diagnose and check: 0 healthy, 1 findings, 2 trouble.\n"
    "Examples:\n"
    "  dcmend diagnose 3dab7f9b-92e7-4391-b8db-71df532c1493 dcsrv01.contoso.com\n"
    "  dcmend check --json -x -Z -D kayla@contoso.com -W dcsrv01.contoso.com\n";
