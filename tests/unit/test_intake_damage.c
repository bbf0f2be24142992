/* Texts of further tools, and what mail programs, ticket systems, browsers and screenshots do to
 * texts. Where nothing can be read for sure the intake must refuse and say what to do. */
#include "tests/suite.h"
#include "tests/unit/intake_expect.h"

#include <check.h>

#define WIRE "9b 7f ab 3d e7 92 91 43 b8 db 71 df 53 2c 14 93"
#define NAME A "._msdcs.contoso.com"
#define BANNER(dc) "Repadmin: running command /showrepl against full DC " dc "\n"
#define FAILS "        Last attempt @ 2010-06-10 17:35:46 failed, result 8589 (0x218d):\n"
#define PARTNER(name, guid) "    " name " via RPC\n        DSA object GUID: " guid "\n"
#define HEAD                                                                                       \
    "Liverpool\\LIVDC01\nDSA Options: IS_GC\nDSA object GUID: " D "\nDSA invocationID: " I "\n"
#define INBOUND "==== INBOUND NEIGHBORS ====\n"
#define FOUND(where) .count = 1, .guid = A, .source = where
#define GUESSED(where) FOUND(where), .hypothesis = true

/* --- the DC that reported --- */

static const struct expect reporters[] = {
    {.text = BANNER("dcsrv01.contoso.com") INBOUND PARTNER("Houston\\WARD5", A) FAILS,
     GUESSED(SUBJECT_SHOWREPL),
     .destination = "dcsrv01.contoso.com"},
    /* the head's own name is made longer, not replaced */
    {.text = BANNER("livdc01.contoso.com") HEAD INBOUND PARTNER("Houston\\WARD5", A) FAILS,
     GUESSED(SUBJECT_SHOWREPL),
     .destination = "livdc01.contoso.com",
     .destination_dsa = D},
    {.text = BANNER("alias.contoso.com") HEAD INBOUND PARTNER("Houston\\WARD5", A) FAILS,
     GUESSED(SUBJECT_SHOWREPL),
     .destination = "LIVDC01"},
    {.text = BANNER("localhost") INBOUND PARTNER("Houston\\WARD5", A) FAILS,
     GUESSED(SUBJECT_SHOWREPL),
     .destination = "-"},
    {.text = BANNER("10.1.2.3") INBOUND PARTNER("Houston\\WARD5", A) FAILS,
     GUESSED(SUBJECT_SHOWREPL),
     .destination = "-"},
    {.text = BANNER("[dcsrv01.contoso.com](http://dcsrv01.contoso.com)")
         PARTNER("Houston\\WARD5", A) FAILS,
     GUESSED(SUBJECT_SHOWREPL),
     .destination = "dcsrv01.contoso.com"},
    {.text = BANNER("\ndcsrv01.contoso.com") INBOUND PARTNER("Houston\\WARD5", A) FAILS,
     GUESSED(SUBJECT_SHOWREPL),
     .destination = "dcsrv01.contoso.com"},
    {.text =
         "Repadmin: Der Befehl \"/showrepl\" wird f\xC3\xBCr den Dom\xC3\xA4nencontroller "
         "\"dcsrv01.contoso.com\" ausgef\xC3\xBChrt.\n" INBOUND PARTNER("Houston\\WARD5", A) FAILS,
     GUESSED(SUBJECT_SHOWREPL),
     .destination = "dcsrv01.contoso.com"},
    {.text = "Event ID: 1411\nComputer: LIVDC01.contoso\n.com\n" NAME "\n8589 x\n",
     FOUND(SUBJECT_EVENT_1411),
     .destination = "LIVDC01.contoso.com"},
    /* one banner a report */
    {.text = BANNER("dc1.contoso.com") PARTNER("Houston\\WARD5", B) BANNER("dc2.contoso.com")
         PARTNER("Houston\\WARD6", A) FAILS,
     GUESSED(SUBJECT_SHOWREPL),
     .destination = "dc2.contoso.com"},
    /* an event that lost its id keeps its computer */
    {.text = "Computer: LIVDC01.contoso.com\nDirectory service:\n" NAME "\nError value:\n8589 x\n",
     FOUND(SUBJECT_MSDCS_NAME),
     .destination = "LIVDC01.contoso.com"},
};
TABLE_TEST(takes_the_reporter, reporters)

/* --- /failcache, /syncall --- */

#define FAILCACHE(dc)                                                                              \
    "Repadmin: running command /failcache against full DC " dc                                     \
    "\n==== KCC CONNECTION FAILURES ====\n(none)\n\n==== KCC LINK FAILURES ====\n"
#define CACHED                                                                                     \
    "    Charlotte\\ROOTDC1\n        DSA object GUID: " B                                          \
    "\n        No Failures.\n    Houston\\WARD5\n        DSA object GUID: " A                      \
    "\n        6 consecutive failures since 2010-06-10 17:35:46.\n        Last error: 8589 "       \
    "(0x218d):\n            Some text.\n"
#define PAIR(from, to) "    From: " from "\n    To  : " to "\n"
#define D_NAME D "._msdcs.contoso.com"

static const struct expect repadmin[] = {
    {.text = FAILCACHE("dcsrv01.contoso.com") CACHED,
     GUESSED(SUBJECT_FAILCACHE),
     .server = "WARD5",
     .destination = "dcsrv01.contoso.com",
     .destination_dsa = "-"},
    {.text = "==== KCC CONNECTION FAILURES ====\n(none)\n==== KCC LINK FAILURES ====\n" CACHED,
     GUESSED(SUBJECT_FAILCACHE),
     .server = "WARD5",
     .destination = "-",
     .destination_dsa = "-"},
    {.text = FAILCACHE("dc1") "    Houston\\WARD5\n        DSA object GUID: " A
                              "\n        Last error: 1722 (0x6ba):\n",
     .destination = "dc1",
     .says = "it names 1722"},
    /* of /syncall's pairs the first is the source; healthy pairs are not meant */
    {.text = "SyncAll\nCALLBACK MESSAGE: The following replication is in progress:\n" PAIR(
         B "._msdcs.contoso.com", D_NAME) "CALLBACK MESSAGE: Error issuing replication: 8589 "
                                          "(0x218d):\n    Some text.\n" PAIR(NAME, D_NAME),
     GUESSED(SUBJECT_SYNCALL),
     .destination_dsa = D,
     .status = 8589},
    {.text = "Error issuing replication: 8589 (0x218d):\n    Some text.\n" PAIR(
         LIV_NTDS, "CN=NTDS Settings,CN=LIVDC01,CN=Servers,CN=Liverpool," CONFIG),
     .count = 1,
     .source = SUBJECT_SYNCALL,
     .hypothesis = true,
     .server = "LIVDC02",
     .destination = "LIVDC01"},
    {.text = "SyncAll\nThe following replication completed successfully:\n" PAIR(NAME, D_NAME),
     .says = "Nothing in this repadmin /syncall output"},
    {.text = "showrepl_COLUMNS     : showrepl_INFO\nDestination DSA Site : Liverpool\n"
             "Destination DSA      : LIVDC01\nNaming Context       : DC=contoso,DC=com\n"
             "Source DSA Site      : Houston\nSource DSA           : WARD5\n"
             "Last Failure Time    : 2010-06-10 17:35:46\nLast Failure Status  : 8589\n",
     .count = 1,
     .source = SUBJECT_SHOWREPL_CSV,
     .hypothesis = true,
     .server = "WARD5",
     .destination = "LIVDC01",
     .attempt = "2010-06-10 17:35:46"},
    /* a ticket system ate the backslashes: the GUIDs still part the partners */
    {.text = "LiverpoolLIVDC01\nDSA object GUID: " D "\nDSA invocationID: " I "\n" INBOUND
             "    CharlotteROOTDC1 via RPC\n        DSA object GUID: " B
             "\n        Last attempt @ 2010-06-10 17:40:00 was successful.\n"
             "    HoustonWARD5 via RPC\n        DSA object GUID: " A "\n" FAILS,
     GUESSED(SUBJECT_SHOWREPL),
     .server = "-",
     .destination_dsa = D},
};
TABLE_TEST(reads_other_reports_of_repadmin, repadmin)

/* --- lists of PowerShell --- */

#define MESSAGE "The SPN failed.\n \nDirectory service:\n" NAME "\n \nError value:\n8589 x"
#define CSV_HEAD "\"Message\",\"Id\",\"ProviderId\",\"MachineName\",\"ActivityId\"\n"
#define CSV_ROW(message, id, host)                                                                 \
    "\"" message "\",\"" id "\",\"0e8478c5-3605-4e8c-8497-1e730c959516\",\"" host "\",\"" I "\"\n"
#define EVENT_ROW FOUND(SUBJECT_EVENT_1411), .destination = "LIVDC01.contoso.com", .status = 8589

static const struct expect lists[] = {
    {.text = "#TYPE x\n" CSV_HEAD CSV_ROW(MESSAGE, "1411", "LIVDC01.contoso.com"), EVENT_ROW},
    {.text = "\"TimeCreated\";\"Id\";\"MachineName\";\"Message\"\n\"6/10/2010\";\"1411\";"
             "\"LIVDC01.contoso.com\";\"" MESSAGE "\"\n",
     EVENT_ROW},
    {.text = CSV_HEAD CSV_ROW("Server " B " is up", "4013", "PARDC1")
         CSV_ROW(MESSAGE, "1411", "LIVDC01.contoso.com"),
     EVENT_ROW},
    {.text = CSV_HEAD CSV_ROW(MESSAGE, "1411", "LIVDC01.contoso.com")
         CSV_ROW(B "._msdcs.contoso.com 8589", "1925", "PARDC1"),
     .count = 2,
     .guid = A,
     .second = B,
     .conflict = true,
     .source = SUBJECT_EVENT_1411,
     .destination = "LIVDC01.contoso.com"},
    /* wrapped between and within fields */
    {.text = "\"EventID\",\"MachineName\",\n\"InstanceId\",\"Mess\nage\"\n\"1411\",\"LIVDC01.cont\n"
             "oso.com\",\"3221226883\",\"" MESSAGE "\"\n",
     EVENT_ROW},
    {.text = CSV_HEAD CSV_ROW("failed to con...", "1411", "LIVDC01.contoso.com"),
     .destination = "LIVDC01.contoso.com",
     .says = "not the line that names the DSA"},
    /* the computer in front of the id; two records, each with its own */
    {.text = "MachineName : LIVDC01.contoso.com\nId          : 1411\nMessage     : x\n"
             "              " NAME "\n              8589 x\n",
     EVENT_ROW},
    {.text = "Message     : x\n              " NAME "\n              8589\nId          : 1411\n"
             "MachineName : LIVDC01.contoso.com\nActivityId  : " I
             "\n\nMessage     : x\n              " B
             "._msdcs.contoso.com\n              8589\nId          : 1925\nMachineName : PARDC1\n",
     .count = 2,
     .guid = A,
     .second = B,
     .conflict = true,
     .source = SUBJECT_EVENT_1411,
     .destination = "LIVDC01.contoso.com"},
    /* what follows a record is not its message */
    {.text = "Id          : 1411\nMachineName : LIVDC01\nMessage     : x\n" NAME
             "\n8589\n\n" HEAD INBOUND PARTNER(
                 "Paris\\PARDC1", B) "        Last attempt @ 2010-06-10 17:40:00 was successful.\n",
     FOUND(SUBJECT_EVENT_1411),
     .destination = "LIVDC01",
     .destination_dsa = D},
    {.text = "[{\"MachineName\":\"LIVDC01.contoso.com\",\"Id\":1411,\"Message\":\"x\\n" NAME
             "\\nError:\\n8589 x\"}]",
     EVENT_ROW},
    {.text =
         "\"LastError\",\"Partner\",\"PartnerGuid\",\"Server\"\n\"8589\",\"" LIV_NTDS "\",\"" A
         "\",\"LIVDC01.contoso.com\"\n\"0\",\"" LIV_NTDS "\",\"" B "\",\"LIVDC01.contoso.com\"\n",
     GUESSED(SUBJECT_GUID),
     .server = "LIVDC02",
     .destination = "LIVDC01.contoso.com"},
    {.text = "TimeCreated  : 6/10/2010 5:35:46 PM\nId           : 1411\nMessage      : fail\n"
             "               " NAME "\n               8589\n",
     FOUND(SUBJECT_EVENT_1411),
     .destination = "-"},
    {.text = CSV_HEAD CSV_ROW("GC " B " not found", "1126", "LIVDC01"),
     .says = "no global catalog was found"},
    {.text = "Partner : " LIV_NTDS "\nPartnerAddress : " NAME "\nPartnerGuid : " A
             "\nLastReplicationResult : 8589\nServer : LIVDC01\n",
     GUESSED(SUBJECT_GUID),
     .destination = "LIVDC01"},
};
TABLE_TEST(reads_lists, lists)

/* --- GUIDs that are another object's, bytes, screenshots --- */

static const struct expect guids[] = {
    {.text = "dn: " LIV_NTDS "\nobjectGUID: " WIRE "\n",
     FOUND(SUBJECT_GUID),
     .server = "LIVDC02",
     .says = "wire order"},
    {.text = "cn: x\nobjectGUID = 9B-7F-AB-3D-E7-92-91-43-B8-DB-71-DF-53-2C-14-93\n",
     FOUND(SUBJECT_GUID)},
    {.text = "cn: x\nobjectGUID: 9b 7f ab 3d e7 92 91 43\n            b8 db 71 df 53 2c 14 93\n",
     FOUND(SUBJECT_GUID)},
    {.text = "cn: x\nobjectGUID: " WIRE " aa\n", .says = "Nothing in this text"},
    {.text = "mac: " WIRE "\nx\n", .says = "Nothing in this text"},
    {.text = "invocationId: " WIRE "\n", .says = "Nothing in this text"},
    {.text = "dn: CN=Bob,CN=Users,DC=contoso,DC=com\nobjectGUID: " WIRE "\n",
     .says = "Nothing in this text"},
    {.text = "dn: DC=contoso,DC=com\nobjectGUID: " B "\n", .says = "Nothing in this text"},
    {.text = "objectGUID: " B "\ndistinguishedName: CN=" I "," LIV_NTDS "\n",
     .says = "Nothing in this text"},
    {.text = "schemaIDGUID: " B "\nx\n", .says = "Nothing in this text"},
    {.text = "Event ID: 1411\nComputer: LIVDC01\nActivityId: {" B "}\n8589\n",
     .destination = "LIVDC01",
     .says = "not the line that names the DSA"},
    {.text = "DSA invocationID: " I "\n" INBOUND PARTNER("Houston\\WARD5", A) FAILS,
     GUESSED(SUBJECT_SHOWREPL),
     .destination_dsa = "-"},
    {.text = "9531985d-5d9d-49f8-98I8-e811892f9O2b", .says = "are no hex digits"},
    {.text = "Event ID: 1411\nDirectory service:\n3dab7f9b-92e7-4391-b8db-7ldf532c1493."
             "_msdcs.contoso.com\n8589\n",
     .says = "GUID in line 3"},
    {.text = "ERROR_DS_CANT_DERIVE_SPN_WITHOUT_SERVER_REF\n", .says = "not which DSA"},
    {.text = "ldap://livdc02.contoso.com:389/",
     .count = 1,
     .source = SUBJECT_SERVER_NAME,
     .server = "livdc02.contoso.com"},
};
TABLE_TEST(knows_whose_guid_it_is, guids)

/* --- one event in every wrapping --- */

static const char *const wrappings[] = {
    "<p>Event ID: 1411</p><p>Computer: LIVDC01</p><p>Service:<br/>" NAME "</p><p>8589 x</p>",
    "<tr><td>Event ID</td><td>1411</td></tr>\n<tr><td>Computer</td><td>LIVDC01</td></tr>\n"
    "<tr><td>" NAME "</td></tr><tr><td>8589</td></tr>",
    "Event&nbsp;ID:&nbsp;1411<br>\nComputer:&nbsp;LIVDC01<br>\n" NAME "<br>\n8589 x<br>\n",
    "Event ID: 1411\nComputer: LIVDC01\n&quot;3dab7f9b&#45;92e7&#x2D;4391&ndash;b8db&amp;#45;"
    "71df532c1493._msdcs.contoso.com&quot;\n8589 x\n",
    "&lt;Event&gt;&lt;System&gt;&lt;EventID&gt;1411&lt;/EventID&gt;&lt;Computer&gt;LIVDC01&lt;/"
    "Computer&gt;&lt;/System&gt;&lt;EventData&gt;&lt;Data&gt;" NAME
    "&lt;/Data&gt;&lt;Data&gt;8589&lt;/Data&gt;&lt;/EventData&gt;&lt;/Event&gt;",
    "| Field | Value |\n|---|---|\n| Event ID | 1411 |\n| Computer | LIVDC01 |\n| Service | " NAME
    " |\n| Error | 8589 x |\n",
    "Event ID: [1411]\nComputer: [LIVDC01]\nDirectory service: [" NAME "]\nError: [8589]\n",
    "Event ID: 1411\nComputer: [LIVDC01](http://LIVDC01)\n[" NAME "](http://" NAME ")\n8589 x\n",
    "Event ID: 1411\nComputer: LIVDC01<http://livdc01/>\n" NAME "<http://" NAME "/>\n8589 x\n",
    "Event ID: 1411\nComputer: LIVDC01\nhttps://x.test/?url=http%3A%2F%2F" NAME "%2F\n8589 x\n",
    "{\\rtf1 Event ID: 1411\\par\nComputer: LIVDC01\\par\n" NAME "\\par\n8589 x\\par\n}",
    "+Event ID: 1411\n+Computer: LIVDC01\n+" NAME "\n+8589 x\n",
    "Event ID: 1411\nComputer:\xC3\x82\xC2\xA0LIVDC01\n3dab7f9b\xC3\xA2\xE2\x82\xAC\xE2\x80\x9C"
    "92e7\xC3\xA2\xE2\x82\xAC\xE2\x80\x9C"
    "4391\xC3\xA2\xC2\x80\xC2\x93"
    "b8db-71df532c1493._msdcs.contoso.com\n8589 x\n",
    "Event ID: 1411\nComputer: LIVDC01\nLink: CN=3DNTDS Settings\n3dab7f9b-92e7-4391-=\n"
    "b8db-71df532c1493._msdcs.contoso.com\n8589 x\n",
    "[10:01] Kay: Event ID: 1411\n[10:01] Kay: Computer: LIVDC01\n[10:01] Kay: " NAME
    "\n[10:02] Kay: 8589 x\n",
    "  1  Event ID: 1411\n  2  Computer: LIVDC01\n  3  " NAME "\n  4  8589 x\n",
};
START_TEST(reads_an_event_in_every_wrapping)
{
    struct expect want = {.text = wrappings[_i],
                          FOUND(SUBJECT_EVENT_1411),
                          .destination = "LIVDC01",
                          .status = 8589,
                          .forest = "contoso.com"};
    check_row(&want);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("intake_damage");
    TCase *tc = tcase_create("texts");
    suite_add_tcase(suite, tc);
    ADD_TABLE(takes_the_reporter, reporters);
    ADD_TABLE(reads_other_reports_of_repadmin, repadmin);
    ADD_TABLE(reads_lists, lists);
    ADD_TABLE(knows_whose_guid_it_is, guids);
    ADD_TABLE(reads_an_event_in_every_wrapping, wrappings);
    return suite_run(suite);
}
