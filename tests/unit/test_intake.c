/* Texts as operators paste them, most of them damaged in some way, and what must be read from each.
 * The tables hold the text beside the expectation. */
#include "src/remedy/intake.h"
#include "tests/suite.h"
#include "tests/unit/intake_expect.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- events --- */

#define HEAD_2008(id)                                                                              \
    "Log Name:      Directory Service\nSource:        "                                            \
    "Microsoft-Windows-ActiveDirectory_DomainService\n"                                            \
    "Date:          6/10/2010 5:35:46 PM\nEvent ID:      " id "\nTask Category: DS RPC Client\n"   \
    "Level:         Error\nKeywords:      Classic\nUser:          ANONYMOUS LOGON\n"               \
    "Computer:      LIVDC01.contoso.com\nDescription:\n"
#define BODY_1411(guid, code)                                                                      \
    "Active Directory Domain Services failed to construct an SPN.\n \nDirectory service:\n" guid   \
    "._msdcs.contoso.com \n \nThe call was denied.\n \nAdditional Data \nError value:\n" code      \
    " text.\n"
#define E1411(guid) HEAD_2008("1411") BODY_1411(guid, "8589")
#define E1925(code, dn)                                                                            \
    HEAD_2008("1925")                                                                              \
    "The attempt to establish a replication link failed.\n \nDirectory partition:\n"               \
    "DC=ForestDnsZones,DC=contoso,DC=com \nSource directory service:\n" dn                         \
    " \nSource directory service address:\n" A                                                     \
    "._msdcs.contoso.com \nIntersite transport (if any):\n"                                        \
    " \n \nAdditional Data \nError value:\n" code "\n"

static const struct expect events[] = {
    {.text = E1411(A),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .status = 8589,
     .destination = "LIVDC01.contoso.com",
     .forest = "contoso.com",
     .line = 14,
     .destination_dsa = "-",
     .says = "Line 14: " A ", taken from event 1411."},
    /* 2003's header and label; name on the label's line */
    {.text = "Event Type:\tError\r\nEvent Source:\tNTDS Replication\r\nEvent Category:\tDS RPC "
             "Client \r\n"
             "Event ID:\t1411\r\nDate:\t\t6/10/2010\r\nTime:\t\t5:35:46 PM\r\n"
             "User:\t\tNT AUTHORITY\\ANONYMOUS LOGON\r\nComputer:\tLIVDC01\r\nDescription:\r\n"
             "Domain controller: " A "._msdcs.contoso.com\r\nError value:\r\n8589 text\r\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .status = 8589,
     .destination = "LIVDC01"},
    {.text = E1925("8589", LIV_NTDS),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1925,
     .status = 8589,
     .server = "LIVDC02",
     .site = "Liverpool",
     .ntds_dn = LIV_NTDS,
     .destination = "LIVDC01.contoso.com"},
    /* the article's own sample lacks a comma */
    {.text = E1925("8589", "CN=NTDS Settings,CN=LIVDC02,CN=Servers,CN=Liverpool,CN=Sites,"
                           "CN=Configuration,DC=contosoDC=com"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1925,
     .ntds_dn = LIV_NTDS,
     .server = "LIVDC02",
     .says = "lacked a comma"},
    /* spaces behind commas, and a DN that never ends */
    {.text = E1925("8589", "CN=NTDS Settings, CN=LIVDC02, CN=Servers, CN=Liverpool, CN=Sites, "
                           "CN=Configuration, DC=contoso, DC=com"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1925,
     .ntds_dn = LIV_NTDS},
    {.text = E1925("8589", "CN=NTDS Settings,CN=LIVDC02,CN=Servers,CN=Liverpool,CN=Si..."),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1925,
     .ntds_dn = "-",
     .server = "LIVDC02",
     .site = "Liverpool"},
    {.text = HEAD_2008(
         "2023") "Remote directory server:\n" A "._msdcs.contoso.com\nDirectory partition:\n"
                 "DC=contoso,DC=com\nPrimary Error value:\n8589 text\nSecondary Error value:\n0\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_2023,
     .status = 8589},
    {.text =
         HEAD_2008("2023") "Remote domain controller:\n" LIV_NTDS "\nPrimary Error value:\n8589\n",
     .count = 1,
     .guid = "-",
     .source = SUBJECT_EVENT_2023,
     .server = "LIVDC02",
     .ntds_dn = LIV_NTDS},
    {.text = HEAD_2008("1955") "Destination network address:\n" A
                               "._msdcs.contoso.com\nDestination domain"
                               " controller (if available):\nCN=NTDS Settings\\0ADEL:" A
                               ",CN=LIVDC02\\0ADEL:" B ",CN=Servers,CN=Liverpool," CONFIG "\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1955,
     .deleted = true,
     .server = "LIVDC02",
     .says = "as deleted"},
    /* the DN alone: the mark of an NTDS Settings object holds its own GUID */
    {.text = HEAD_2008("1272") "Source domain controller:\nCN=NTDS Settings\\0ADEL:" A
                               ",CN=LIVDC02\\0ADEL:" B ",CN=Servers,CN=Liverpool," CONFIG "\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1272,
     .deleted = true},
    /* dcdiag's echo: the tested server is the destination */
    {.text = "Testing server: Houston\\HOUDC01\n   Starting test: SystemLog\n      An error event "
             "occurred."
             "  EventID: 0xC0000583\n            Time Generated: 11/22/2026   14:17:05\n"
             "            Event String:\n            Directory service:\n            " A
             "._msdcs.contoso.com\n            Error value:\n            8589 text\n"
             "         ......................... HOUDC01 failed test SystemLog\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .destination = "HOUDC01",
     .status = 8589},
    {.text = "An Warning Event occured.  EventID: 0x80000785\nSource domain controller:\n" LIV_NTDS
             "\nSource domain controller address:\n" A "._msdcs.contoso.com\nError value:\n8589\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1925,
     .server = "LIVDC02"},
    /* another error than 8589: said, the DSA is read all the same */
    {.text = HEAD_2008("1411") BODY_1411(A, "1722"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .status = 1722,
     .fault = "error 1722 (the RPC server is unavailable)",
     .says = "another fault"},
    {.text = HEAD_2008("2042") "The time between replications with this source has exceeded the "
                               "tombstone lifetime.\nSource directory service:\n" A
                               "._msdcs.contoso.com\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_MSDCS_NAME,
     .fault = "event 2042 (no replication for longer than the tombstone lifetime)",
     .says = "Event 2042 is here"},
    {.text = HEAD_2008("2087") "Source directory service:\n" A
                               "._msdcs.contoso.com\nError value:\n11004 text\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_MSDCS_NAME,
     .status = 11004,
     .fault = "error 11004 (a DNS name without an address)"},
    {.text = HEAD_2008("1411") "Directory service:\n" A "._msdcs.contoso.com\n",
     .count = 1,
     .guid = A,
     .fault = "-"},
    {.text = HEAD_2008("1411") BODY_1411(A, "-2146893022"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .status = -2146893022,
     .says = "wrong target principal name"},
    {.text = HEAD_2008("1411") BODY_1411(A, "8603"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .status = 8603,
     .says = "gone from the forest"},
    {.text = HEAD_2008("1411") BODY_1411(A, "0x8007218D"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .status = 8589},
    {.text = HEAD_2008("1411") BODY_1411(A, "-2147016307"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .status = 8589},
    {.text = HEAD_2008("1411") BODY_1411(C, "1722"),
     .count = 1,
     .guid = C,
     .source = SUBJECT_EVENT_1411,
     .status = 1722},
    /* several events: one GUID is one DSA, two are a conflict */
    {.text = E1411(A) "\n" E1411(A),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .line = 14},
    {.text = E1411(B) "\n" E1411(A),
     .count = 2,
     .guid = B,
     .second = A,
     .source = SUBJECT_EVENT_1411,
     .conflict = true,
     .says = "until you pick one"},
    {.text = E1925("8589", LIV_NTDS) "\n" E1411(A),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .server = "LIVDC02"},
    /* of many failures in a log the ones with 8589 are meant */
    {.text = E1411(B) "\n" E1925("1722", LIV_NTDS),
     .count = 1,
     .guid = B,
     .source = SUBJECT_EVENT_1411,
     .status = 8589,
     .fault = "-",
     .says = "error 1722 beside it is another fault"},
    {.text = HEAD_2008("2042") "Source DC:\n" B "._msdcs.contoso.com\n" E1411(A),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411},
    {.text = HEAD_2008("1926") "Source:\n" A "._msdcs.contoso.com\nError value:\n8589\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_MSDCS_NAME,
     .status = 8589,
     .destination = "LIVDC01.contoso.com"},
    /* other shapes of the same */
    {.text = "Event ID: 1411 Computer: LIVDC01.contoso.com Directory service: " A
             "._msdcs.contoso.com Error value: 8589 text",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .destination = "LIVDC01.contoso.com"},
    {.text = "TimeCreated  : 6/10/2010\nId           : 1411\nMachineName  : LIVDC01.contoso.com\n"
             "Message      : failed\n               Directory service: \n               " A
             "._msdcs.contoso.com\n               8589\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .destination = "LIVDC01.contoso.com"},
    {.text =
         "Message     : failed\n              " A "._msdcs.contoso.com\n              8589 x\nId"
         "          : 1411\nRecordId    : 4711\nMachineName : LIVDC01.contoso.com\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .destination = "LIVDC01.contoso.com"},
    {.text = "{\"EventID\":1411,\"Hostname\":\"LIVDC01.contoso.com\",\n\"Message\":"
             "\"x\\r\\n\\r\\nDirectory"
             " service:\\r\\n" A "._msdcs.contoso.com\\r\\nError value:\\r\\n8589 x\"}\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411},
    {.text =
         "Error,6/10/2010 5:35:46 PM,Microsoft-Windows-ActiveDirectory_DomainService,1411,DS RPC"
         " Client,\"failed\nDirectory service:\n" A "._msdcs.contoso.com\nError value:\n8589 x\"\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411},
    {.text = "we see event 1411 for " A " on one DC\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411},
    {.text = "Hi,\nno event 1411 here so far\n" A "._msdcs.contoso.com does not answer\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_MSDCS_NAME},
    {.text = "Event ID: 1411\nComputer: LIVDC01\nDirectory service:\n" A "\nError value:\n8589\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .forest = "-"},
    /* nothing to read it from */
    {.text = "Ereignis-ID: 1411", .says = "not the line that names the DSA"},
    {.text = "Ereignis-ID: 1411\nComputer: LIVDC01.contoso.com\n",
     .destination = "LIVDC01.contoso.com",
     .says = "Copy the whole event"},
};
TABLE_TEST(reads_events, events)

#define LOCAL(id, computer, label, error)                                                          \
    id "\n" computer "\n\n" label "\n" A "._msdcs.contoso.com\n\n" error "\n8589 x\n"
static const struct expect languages[] = {
    {.text = LOCAL("Ereignis-ID:   1411", "Computer:      LIVDC01.contoso.com",
                   "Verzeichnisdienst:", "Fehlerwert:")},
    {.text = LOCAL("ID de l\xE2\x80\x99\xC3\xA9v\xC3\xA9nement\xC2\xA0:1411",
                   "Ordinateur\xC2\xA0: LIVDC01.contoso.com",
                   "Service d\xE2\x80\x99"
                   "annuaire :",
                   "Valeur d'erreur :")},
    {.text = LOCAL("Id. del evento:1411", "Equipo:        LIVDC01.contoso.com",
                   "Servicio de directorio:", "Valor de error:")},
    {.text = LOCAL("ID evento: 1411", "Computer: LIVDC01.contoso.com",
                   "Servizio directory:", "Valore:")},
    {.text = LOCAL("Identifica\xC3\xA7\xC3\xA3o do Evento: 1411", "Computador: LIVDC01.contoso.com",
                   "Servi\xC3\xA7o:", "Valor:")},
    {.text = LOCAL(
         "\xD0\x9A\xD0\xBE\xD0\xB4 \xD1\x81\xD0\xBE\xD0\xB1\xD1\x8B\xD1\x82\xD0\xB8\xD1\x8F: 1411",
         "\xD0\x9A\xD0\xBE\xD0\xBC\xD0\xBF\xD1\x8C\xD1\x8E\xD1\x82\xD0\xB5\xD1\x80: "
         "LIVDC01.contoso.com",
         "x:", "y:")},
    {.text = LOCAL(
         "\xE3\x82\xA4\xE3\x83\x99\xE3\x83\xB3\xE3\x83\x88 ID\xEF\xBC\x9A 1411",
         "\xE3\x82\xB3\xE3\x83\xB3\xE3\x83\x94\xE3\x83\xA5\xE3\x83\xBC\xE3\x82\xBF\xE3\x83\xBC"
         "\xEF\xBC\x9A LIVDC01.contoso.com",
         "x\xEF\xBC\x9A", "\xE3\x82\xA8\xE3\x83\xA9\xE3\x83\xBC\xE5\x80\xA4:")},
    {.text = LOCAL("\xE4\xBA\x8B\xE4\xBB\xB6 ID: 1411",
                   "\xE8\xAE\xA1\xE7\xAE\x97\xE6\x9C\xBA: LIVDC01.contoso.com", "x:", "y:")},
    {.text = LOCAL("Identyfikator zdarzenia: 1411", "Komputer: LIVDC01.contoso.com", "x:", "y:")},
    {.text = LOCAL("H\xC3\xA4ndelse-ID: 1411", "Dator: LIVDC01.contoso.com", "x:", "y:")},
};
START_TEST(reads_other_languages)
{
    struct expect want = {.text = languages[_i].text,
                          .count = 1,
                          .guid = A,
                          .status = 8589,
                          .source = SUBJECT_EVENT_1411,
                          .destination = "LIVDC01.contoso.com"};
    check_row(&want);
}
END_TEST

#define XML(id, data)                                                                              \
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider "      \
    "Name='Microsoft-"                                                                             \
    "Windows-ActiveDirectory_DomainService' "                                                      \
    "Guid='{0e8478c5-3605-4e8c-8497-1e730c959516}'/>\n<EventID "                                   \
    "Qualifiers='49152'>" id                                                                       \
    "</EventID><TimeCreated SystemTime='2010-06-10T15:35:46Z'/><Correlation "                      \
    "ActivityID='{" I                                                                              \
    "}'/><EventRecordID>1925</EventRecordID><Computer>LIVDC01.contoso.com</Computer>"              \
    "</System><EventData>" data "</EventData></Event>"
#define DATA_1411 "<Data>" A "._msdcs.contoso.com</Data><Data>some text.</Data><Data>8589</Data>"

static const struct expect documents[] = {
    {.text = XML("1411", DATA_1411),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .status = 8589,
     .destination = "LIVDC01.contoso.com",
     .forest = "contoso.com"},
    {.text = "copied at 10:15 by kayla\n\n" XML("1411", DATA_1411) "\nthat is all\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .line = 4},
    {.text = "<?xml version=\"1.0\"?><Events>" XML("1411", DATA_1411)
         XML("1411", DATA_1411) "</Events>",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411},
    {.text = XML("1925", "<Data>DC=contoso,DC=com</Data><Data>" LIV_NTDS "</Data><Data>" A
                         "._msdcs.contoso.com</Data><Data></Data><Data>x</Data><Data>1722</Data>"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1925,
     .status = 1722,
     .server = "LIVDC02",
     .ntds_dn = LIV_NTDS},
    {.text =
         "<e:Event "
         "xmlns:e=\"u\"><e:System><e:EventID>1411</e:EventID><e:Computer>LIVDC01</e:Computer>"
         "</e:System><e:EventData><e:Data>" A "._msdcs.contoso.com</e:Data><e:Data>8589</e:Data>"
         "</e:EventData></e:Event>",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .destination = "LIVDC01"},
    /* a billion laughs: the prolog never reaches the parser */
    {.text = "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n"
             "<Event><System><EventID>1411</EventID><Computer>LIVDC01</Computer></"
             "System><EventData><Data>" A
             "._msdcs.contoso.com</Data><Data>&b;</Data><Data>8589</Data></EventData></Event>",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411},
    /* cut off, and broken: the anchors are still there */
    {.text = "<Event><System><EventID "
             "Qualifiers=\"49152\">1411</EventID>\n<Computer>LIVDC01.contoso.com"
             "</Computer>\n</System><EventData><Data>" A "._msdcs.contoso.com</Data>\n<Data>85",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .destination = "LIVDC01.contoso.com"},
    {.text = "<Event><System><EventID>1411</EventID><Computer>LIVDC01</Computer><broken></System>\n"
             "<Data>" A "._msdcs.contoso.com</Data><Data>8589</Data></Event>",
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411},
    {.text =
         "> " XML("1411", "<Data>3dab7f9b-92e7-4391-\n> b8db-71df532c1493._msdcs.contoso.com</Data>"
                          "\n> <Data>8589</Data>"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411},
};
TABLE_TEST(reads_event_xml, documents)

/* --- replication reports --- */

#define SHOWREPL_HEAD                                                                              \
    "Repadmin: running command /showrepl against full DC localhost\nLiverpool\\LIVDC01\nDSA "      \
    "Options: IS_GC\n"                                                                             \
    "Site Options: (none)\nDSA object GUID: " D "\nDSA invocationID: " I "\n\n"
#define INBOUND "==== INBOUND NEIGHBORS ======================================\n\n"
#define PARTNER(name, guid) "    " name " via RPC\n        DSA object GUID: " guid "\n"
#define GOOD "        Last attempt @ 2010-06-10 17:40:00 was successful.\n"
#define BAD(code)                                                                                  \
    "        Last attempt @ 2010-06-10 17:35:46 failed, result " code                              \
    ":\n            Some text.\n"                                                                  \
    "        1700 consecutive failure(s).\n        Last success @ (never).\n"
#define SHOWREPL                                                                                   \
    SHOWREPL_HEAD INBOUND "DC=contoso,DC=com\n" PARTNER("Charlotte\\ROOTDC1", B) GOOD              \
        "CN=Configuration,DC=contoso,DC=com\n" PARTNER("Houston\\WARD5", A) BAD("8589 (0x218d)")

static const struct expect reports[] = {
    {.text = SHOWREPL,
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true,
     .status = 8589,
     .server = "WARD5",
     .site = "Houston",
     .destination = "LIVDC01",
     .destination_dsa = D,
     .attempt = "2010-06-10 17:35:46",
     .line = 16,
     .says = "On LIVDC01 look for event 1411 in the Directory Service log at 2010-06-10 17:35:46"},
    {.text = SHOWREPL_HEAD INBOUND PARTNER("Houston\\WARD5", A) BAD("8589(0x218d)"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true},
    /* /verbose: address and invocationID beside the GUID */
    {.text = SHOWREPL_HEAD INBOUND "DC=contoso,DC=com\n" PARTNER(
         "Houston\\WARD5", A) "        Address: " A
                              "._msdcs.contoso.com\n        DSA invocationID: " B
                              "\n        SYNC_ON_STARTUP DO_SCHEDULED_SYNCS WRITEABLE\n        "
                              "USNs: 8589/OU, 8589/PU\n" BAD("8589 (0x218d)"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true,
     .forest = "contoso.com"},
    /* outbound partners and connections are no inbound ones */
    {.text = SHOWREPL
     "==== OUTBOUND NEIGHBORS FOR CHANGE NOTIFICATIONS ============\n\nDC=contoso,DC=com\n" PARTNER(
         "Charlotte\\ROOTDC1", B)
         BAD("8589 (0x218d)") "==== KCC CONNECTION OBJECTS ====\nConnection --\n    Connection "
                              "name : " I "\n    Server DN name  : " LIV_NTDS "\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true,
     .says = "outbound partner only"},
    {.text = SHOWREPL_HEAD INBOUND PARTNER("Charlotte\\ROOTDC1", B) GOOD
     "==== OUTBOUND NEIGHBORS FOR CHANGE NOTIFICATIONS ============\n" PARTNER("Houston\\WARD5", A)
         BAD("8589 (0x218d)"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true},
    /* the same partner in two naming contexts; two partners */
    {.text = SHOWREPL "DC=contoso,DC=com\n" PARTNER("Houston\\WARD5", A) BAD("8589 (0x218d)"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true},
    {.text = SHOWREPL "DC=contoso,DC=com\n" PARTNER("Paris\\PARDC1", C) BAD("8589 (0x218d)"),
     .count = 2,
     .guid = A,
     .second = C,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true,
     .conflict = true},
    {.text = SHOWREPL PARTNER("Paris\\PARDC1", C) BAD("1722 (0x6ba)"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true,
     .says = "1722"},
    {.text = SHOWREPL_HEAD INBOUND PARTNER("Houston\\WARD5", A) BAD("8603 (0x219b)"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true,
     .status = 8603,
     .says = "no serverReference"},
    {.text = SHOWREPL_HEAD INBOUND PARTNER("Houston\\WARD5\\0ADEL:" B, A) BAD("8589 (0x218d)"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true,
     .deleted = true,
     .server = "WARD5"},
    /* the trailing block, which has no GUID, alone and with the rest */
    {.text = "Source: Houston\\WARD5\n******* 1700 CONSECUTIVE FAILURES since 2010-06-10 "
             "17:35:46\nLast error:"
             " 8589 (0x218d):\n            Some text.\n",
     .count = 1,
     .guid = "-",
     .server = "WARD5",
     .site = "Houston",
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true},
    {.text = SHOWREPL
     "\nSource: Houston\\WARD5\n******* 1700 CONSECUTIVE FAILURES since 2010-06-10\nLast"
     " error: 8589 (0x218d):\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true},
    /* only a part of it */
    {.text = PARTNER("Houston\\WARD5", A) BAD("8589 (0x218d)"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true,
     .destination = "-",
     .destination_dsa = "-"},
    {.text = "        DSA object GUID: " A "\n" BAD("8589 (0x218d)"),
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true,
     .destination_dsa = "-"},
    /* as the article prints it: quoted, unindented, a line glued to the next */
    {.text =
         "> Liverpool\\LIVDC01DSA Options: IS_GC  \nSite Options: (none)  \nDSA object GUID: " D
         "\n>\n"
         "> DSA invocationID: " I "\n>\n> ==== INBOUND NEIGHBORS ====\n>\n> DC=Contoso,DC=com\n>\n"
         "> Houston\\WARD5 via RPC\n>\n> DSA object GUID: " A
         "\n>\n> Last attempt @ 6/10/2010 5:35:46 PM"
         " failed, result 8589 (0x218d):\n>\n> text\n>\n> 1700 consecutive failure(s).\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true,
     .destination = "LIVDC01",
     .destination_dsa = D,
     .attempt = "6/10/2010 5:35:46 PM",
     .line = 13},
    /* another language: only the shape is left */
    {.text =
         "Liverpool\\LIVDC01\nDSA-Optionen: IS_GC\nDSA-Objekt-GUID: " D "\nDSA-Aufrufkennung: " I
         "\n\n==== EINGEHENDE NACHBARN =====\n\nDC=contoso,DC=com\n    Houston\\WARD5 \x81"
         "ber RPC\n"
         "        DSA-Objekt-GUID: " A
         "\n        Letzter Versuch @ 10.06.2010 17:35:46 ist fehlgeschlagen,"
         " Ergebnis 8589 (0x218d):\n            Text\n==== AUSGEHENDE NACHBARN ====\n    "
         "Paris\\PARDC1 via"
         " RPC\n        DSA-Objekt-GUID: " B "\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true,
     .destination = "LIVDC01",
     .destination_dsa = D,
     .attempt = "10.06.2010 17:35:46"},
    /* nothing that fails with 8589 */
    {.text = SHOWREPL_HEAD INBOUND PARTNER("Houston\\WARD5", A) BAD("1722 (0x6ba)"),
     .destination = "LIVDC01",
     .says = "it names 1722 (the RPC server is unavailable) for Houston\\WARD5"},
    {.text = SHOWREPL_HEAD INBOUND PARTNER("Houston\\WARD5", A) GOOD,
     .says = "fails with 8589",
     .destination_dsa = D},
    {.text = SHOWREPL_HEAD INBOUND PARTNER("Houston\\WARD5", C) GOOD, .says = "fails with 8589"},
    /* with an event: its GUID first; a partner's name is lent to it */
    {.text = SHOWREPL "\n" E1411(C),
     .count = 2,
     .guid = C,
     .second = A,
     .source = SUBJECT_EVENT_1411,
     .conflict = true,
     .destination = "LIVDC01.contoso.com",
     .destination_dsa = D,
     .says = "nothing is written for any of them until you pick one"},
    {.text = SHOWREPL "\n" E1411(A),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .server = "WARD5",
     .site = "Houston",
     .destination = "LIVDC01.contoso.com"},
    {.text = E1411(B) SHOWREPL_HEAD INBOUND PARTNER("Charlotte\\ROOTDC1", B) GOOD,
     .count = 1,
     .guid = B,
     .source = SUBJECT_EVENT_1411,
     .server = "ROOTDC1",
     .destination_dsa = D},
    {.text = E1411(B) SHOWREPL_HEAD INBOUND PARTNER("Paris\\PARDC1", C) BAD("1722 (0x6ba)"),
     .count = 1,
     .guid = B,
     .source = SUBJECT_EVENT_1411},
    /* what a person wrote below the report carries no error of its own */
    {.text = SHOWREPL
     "\nSource: Houston\\WARD5\n******* 1700 CONSECUTIVE FAILURES since 2010-06-10\nLast"
     " error: 8589 (0x218d):\n\nC:\\>ping " C "._msdcs.contoso.com\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true,
     .says = C " was not taken"},
    /* two DCs' reports */
    {.text = SHOWREPL "\nParis\\PARDC1\nDSA Options: (none)\nDSA object GUID: " C
                      "\nDSA invocationID: " I "\n\n" INBOUND PARTNER("Houston\\WARD5", A) GOOD,
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL,
     .hypothesis = true,
     .destination = "LIVDC01"},
};
TABLE_TEST(reads_showrepl, reports)

#define SAMBA_PARTNER(name, guid, message)                                                         \
    "DC=contoso,DC=com\n\t" name " via RPC\n\t\tDSA object GUID: " guid                            \
    "\n\t\tLast attempt @ Sun Nov 22 "                                                             \
    "14:17:05 2026 UTC " message                                                                   \
    "\n\t\t1700 consecutive failure(s).\n\t\tLast success @ NTTIME(0)\n\n"
#define SAMBA_FAILED "failed, result 8589 (WERR_DS_CANT_DERIVE_SPN_WITHOUT_SERVER_REF)"
#define SAMBA_HEAD                                                                                 \
    "Liverpool\\LIVDC01\nDSA Options: 0x00000001\nDSA object GUID: " D "\nDSA invocationId: " I    \
    "\n\n"
#define JSON_PARTNER(guid, message, failures)                                                      \
    "{\"NC dn\": \"DC=contoso,DC=com\", \"DSA objectGUID\": \"" guid                               \
    "\",\n \"last attempt time\": \"Sun Nov 22 "                                                   \
    "14:17:05 2026 UTC\", \"last attempt message\": \"" message                                    \
    "\", \"consecutive failures\": " failures                                                      \
    ",\n \"last success\": \"NTTIME(0)\", \"NTDS DN\": \"" LIV_NTDS                                \
    "\", \"is deleted\": false, \"DSA\": "                                                         \
    "\"Liverpool\\\\LIVDC02\"}"
#define JSON(from, to)                                                                             \
    "{\n  \"dsa\": {\"options\": 1, \"objectGUID\": \"" D "\", \"invocationId\": \"" I             \
    "\"},\n  \"repsFrom\": [\n" from "],\n  \"repsTo\": [" to                                      \
    "],\n  \"NTDSConnections\": [{\"name\": \"" I "\", \"remote DN\": \"" LIV_NTDS "\"}]\n}\n"

static const struct expect samba[] = {
    {.text = SAMBA_HEAD
     "==== INBOUND NEIGHBORS ====\n\n" SAMBA_PARTNER("Charlotte\\ROOTDC1", B, "was successful")
         SAMBA_PARTNER("Houston\\WARD5", A,
                       SAMBA_FAILED) "==== OUTBOUND NEIGHBORS "
                                     "====\n\n" SAMBA_PARTNER(
                                         "Paris\\PARDC1", C,
                                         "was successful") "==== KCC "
                                                           "CONNECTION "
                                                           "OBJECTS "
                                                           "===="
                                                           "\n\nConnection "
                                                           "--\n\tConnection "
                                                           "name: " I "\n\tServer DN "
                                                           "name  : " LIV_NTDS "\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_SAMBA_SHOWREPL,
     .hypothesis = true,
     .status = 8589,
     .destination = "LIVDC01",
     .destination_dsa = D,
     .attempt = "Sun Nov 22 14:17:05 2026 UTC"},
    {.text = SAMBA_HEAD
     "==== INBOUND NEIGHBORS ====\n\nDC=contoso,DC=com\n\tNTDS DN: CN=NTDS Settings\\0ADEL:" A
     ",CN=LIVDC02\\0ADEL:" B ",CN=Servers,CN=Liverpool," CONFIG "\n\t\tDSA object GUID: " A
     "\n\t\tLast attempt @ Sun Nov 22 14:17:05 2026 UTC " SAMBA_FAILED "\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_SAMBA_SHOWREPL,
     .hypothesis = true,
     .deleted = true,
     .server = "LIVDC02"},
    {.text = "\x1B[31mThere are failing connections\x1B[0m\n\x1B[31mFailing inbound "
             "connection:\x1B[0m\n" SAMBA_PARTNER("Houston\\WARD5", A, SAMBA_FAILED),
     .count = 1,
     .guid = A,
     .source = SUBJECT_SAMBA_SHOWREPL,
     .hypothesis = true},
    {.text = JSON(
         JSON_PARTNER(B, "was successful", "0") ",\n" JSON_PARTNER(A, SAMBA_FAILED, "1700"), ""),
     .count = 1,
     .guid = A,
     .source = SUBJECT_SAMBA_SHOWREPL,
     .hypothesis = true,
     .server = "LIVDC02",
     .site = "Liverpool",
     .ntds_dn = LIV_NTDS,
     .destination = "-",
     .destination_dsa = D,
     .line = 7,
     .attempt = "Sun Nov 22 14:17:05 2026 UTC"},
    {.text = "root@dc1:~# samba-tool drs showrepl --json\n" JSON(
         JSON_PARTNER(A, SAMBA_FAILED, "1700"), JSON_PARTNER(B, SAMBA_FAILED, "3")) "root@dc1:~# ",
     .count = 1,
     .guid = A,
     .source = SUBJECT_SAMBA_SHOWREPL,
     .hypothesis = true,
     .says = "outbound"},
    {.text = JSON(JSON_PARTNER(A, "failed, result 1722 (WERR_RPC_S_SERVER_UNAVAILABLE)", "3"), ""),
     .says = "it names 1722",
     .destination_dsa = D},
    {.text = JSON(
         JSON_PARTNER(A, "failed, result 8589\n (WERR_DS_CANT_DERIVE_SPN_WITHOUT_SERVER_REF)", "3"),
         ""),
     .count = 1,
     .guid = A,
     .source = SUBJECT_SAMBA_SHOWREPL,
     .hypothesis = true},
    /* a DN that can be read in part only: the names come from beside it */
    {.text =
         "{\"repsFrom\": [{\"DSA objectGUID\": \"" A "\", \"last attempt message\": \"" SAMBA_FAILED
         "\", \"NTDS DN\": \"CN=NTDS Settings,CN=\xFF\xFE,CN=Servers,CN=Liverpool," CONFIG
         "\", \"DSA\": \"Liverpool\\\\LIVDC02\"}]}",
     .count = 1,
     .guid = A,
     .source = SUBJECT_SAMBA_SHOWREPL,
     .hypothesis = true,
     .server = "LIVDC02",
     .site = "Liverpool",
     .ntds_dn = "-"},
};
TABLE_TEST(reads_samba, samba)

#define CSV_HEAD                                                                                   \
    "showrepl_COLUMNS,Destination DSA Site,Destination DSA,Naming Context,Source DSA Site,Source " \
    "DSA,Transport "                                                                               \
    "Type,Number of Failures,Last Failure Time,Last Success Time,Last Failure Status\n"
#define CSV_ROW(source, code)                                                                      \
    "showrepl_INFO,Liverpool,LIVDC01,\"CN=Configuration,DC=contoso,DC=com\",Houston," source       \
    ",RPC,1700,2010-06-10 "                                                                        \
    "17:35:46,0," code "\n"
#define REPLSUM                                                                                    \
    "Replication Summary Start Time: 2010-06-10 17:40:00\n\nBeginning data collection, this may "  \
    "take awhile:\n"                                                                               \
    "  .......\n\nSource DSA          largest delta    fails/total %%   error\n"                   \
    " ROOTDC1                   04m:51s    0 /  10    0\n"                                         \
    " WARD5                >60 days       5 /   5  100  (8589) Some text.\n\n"                     \
    "Destination DSA     largest delta    fails/total %%   error\n"                                \
    " LIVDC01              >60 days       5 /  15   33  (8589) Some text.\n"
#define REPLICATIONS(code)                                                                         \
    "Testing server: Liverpool\\LIVDC01\n   Starting test: Replications\n      * Replications "    \
    "Check\n"                                                                                      \
    "      [Replications Check,LIVDC01] A recent replication attempt failed:\n         From "      \
    "WARD5 to LIVDC01\n"                                                                           \
    "         Naming Context: DC=contoso,DC=com\n         The replication generated an error "     \
    "(" code "):\n"                                                                                \
    "         Some text.\n         The failure occurred at 2010-06-10 17:35:46.\n         The "    \
    "last success "                                                                                \
    "occurred at (never).\n         1700 failures have occurred since the last success.\n"         \
    "   ......................... LIVDC01 failed test Replications\n"
#define PROBLEM(base, attribute)                                                                   \
    "   Starting test: VerifyReferences\n      Some objects relating to the DC LIVDC02 have "      \
    "problems:\n"                                                                                  \
    "         [1] Problem: Missing Expected Value\n          Base Object:\n         " base         \
    "\n          Base Object Description: \"Some Object\"\n          Value Object Attribute "      \
    "Name: " attribute "\n          Value Object Description: \"Another\"\n"

static const struct expect tables[] = {
    {.text = CSV_HEAD CSV_ROW("ROOTDC1", "0") CSV_ROW("WARD5", "8589"),
     .count = 1,
     .guid = "-",
     .source = SUBJECT_SHOWREPL_CSV,
     .hypothesis = true,
     .status = 8589,
     .server = "WARD5",
     .site = "Houston",
     .destination = "LIVDC01",
     .attempt = "2010-06-10 17:35:46",
     .line = 3},
    {.text = "\"showrepl_INFO\";\"Liverpool\";\"LIVDC01\";\"DC=contoso,DC=com\";\"Houston\";"
             "\"WARD5\";\"RPC\";"
             "\"7\";\"2010-06-10 17:35:46\";\"0\";\"8589\"\n",
     .count = 1,
     .source = SUBJECT_SHOWREPL_CSV,
     .hypothesis = true,
     .server = "WARD5"},
    {.text = "showrepl_INFO,Liverpool,LIVDC01,\"CN=Configuration,DC=contoso,DC=com\",Houston,WARD5,"
             "R\nPC,1700,"
             "2010-06-10 17:35:46,0,8589\n" CSV_ROW("ROOTDC1", "0"),
     .count = 1,
     .source = SUBJECT_SHOWREPL_CSV,
     .hypothesis = true,
     .server = "WARD5"},
    {.text = "\"showrepl_INFO,Liverpool,LIVDC01,\"\"DC=contoso,DC=com\"\",Houston,WARD5,RPC,7,"
             "2010-06-10 17:35:46,0,8589\"\n",
     .count = 1,
     .source = SUBJECT_SHOWREPL_CSV,
     .hypothesis = true,
     .server = "WARD5",
     .attempt = "2010-06-10 17:35:46"},
    {.text = CSV_HEAD CSV_ROW("WARD5", "1722"), .says = "it names 1722"},
    {.text = CSV_ROW("WARD5", "8589") SHOWREPL_HEAD INBOUND PARTNER("Houston\\WARD5", A) GOOD,
     .count = 1,
     .guid = A,
     .source = SUBJECT_SHOWREPL_CSV,
     .hypothesis = true,
     .destination_dsa = D},
    {.text = REPLSUM,
     .count = 1,
     .source = SUBJECT_REPLSUM,
     .hypothesis = true,
     .server = "WARD5",
     .site = "-",
     .destination = "LIVDC01",
     .status = 8589},
    {.text = REPLICATIONS("8589"),
     .count = 1,
     .source = SUBJECT_DCDIAG_REPLICATIONS,
     .hypothesis = true,
     .server = "WARD5",
     .destination = "LIVDC01",
     .attempt = "2010-06-10 17:35:46",
     .status = 8589},
    {.text = REPLICATIONS("1722"), .says = "it names 1722", .destination = "LIVDC01"},
    {.text = "[Replikationspr\xC3\xBC"
             "fung,LIVDC01] Fehler:\nVon WARD5 nach LIVDC01\nKontext: DC=contoso\n"
             "Win32 Error 8589\n",
     .count = 1,
     .source = SUBJECT_DCDIAG_REPLICATIONS,
     .hypothesis = true,
     .server = "WARD5"},
    {.text = PROBLEM(LIV_SERVER, "serverReference"),
     .count = 1,
     .source = SUBJECT_DCDIAG_REFERENCES,
     .hypothesis = true,
     .server = "LIVDC02",
     .site = "Liverpool",
     .ntds_dn = "-"},
    {.text = PROBLEM(LIV_NTDS, "serverReferenceBL"), .says = "SYSVOL"},
    {.text = PROBLEM("CN=LIVDC02,OU=Domain Controllers,DC=contoso,DC=com",
                     "msDFSR-ComputerReferenceBL"),
     .says = "SYSVOL"},
    {.text = PROBLEM("CN=LIVDC02,OU=Domain Controllers,DC=contoso,DC=com", "serverReferenceBL"),
     .count = 1,
     .source = SUBJECT_DCDIAG_REFERENCES,
     .hypothesis = true,
     .server = "LIVDC02"},
    {.text = PROBLEM(LIV_NTDS, "serverReferenceBL") E1411(A),
     .count = 1,
     .guid = A,
     .source = SUBJECT_EVENT_1411,
     .says = "SYSVOL"},
    /* PowerShell says for itself what failed */
    {.text = "LastReplicationAttempt : 6/10/2010 5:35:46 PM\nLastReplicationResult  : "
             "0\nPartitionGuid : " I "\nPartner : " LIV_NTDS "\nPartnerGuid : " B
             "\n\nLastReplicationAttempt : 6/10/2010 5:35:46 PM\n"
             "LastReplicationResult  : 8589\nPartner : " LIV_NTDS "\nPartnerAddress : " A
             "._msdcs.contoso.com\nPartnerGuid : " A "\nPartnerInvocationId : " I
             "\nServer : LIVDC01.contoso.com\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_GUID,
     .hypothesis = true,
     .destination = "LIVDC01.contoso.com",
     .attempt = "6/10/2010 5:35:46 PM",
     .server = "LIVDC02"},
    /* the whole record; the properties' order is the operator's */
    {.text = "IntersiteTransport : CN=IP,CN=Inter-Site "
             "Transports,CN=Sites,CN=Configuration,DC=contoso,DC=com"
             "\nIntersiteTransportGuid : " C "\nLastReplicationAttempt : 6/10/2010 5:35:46 PM\n"
             "LastReplicationResult : 8589\nPartitionGuid : " I "\nPartner : " LIV_NTDS
             "\nPartnerAddress : " A "._msdcs.contoso.com\nPartnerGuid : " A
             "\nPartnerInvocationId : " I "\nServer : LIVDC01.contoso.com\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_GUID,
     .hypothesis = true,
     .destination = "LIVDC01.contoso.com",
     .server = "LIVDC02"},
    {.text = "Server  : LIVDC01.contoso.com\nPartner : " LIV_NTDS "\nPartnerGuid : " A
             "\nLastReplicationResult : 8589\n",
     .count = 1,
     .guid = A,
     .source = SUBJECT_GUID,
     .hypothesis = true,
     .destination = "LIVDC01.contoso.com"},
};
TABLE_TEST(reads_tables_and_dcdiag, tables)

/* --- one GUID in every spelling; the text is wrapped around "%s" nowhere: these are whole texts
 * --- */

static const struct expect spellings[] = {
    {.text = A, .source = SUBJECT_GUID},
    {.text = "{3DAB7F9B-92E7-4391-B8DB-71DF532C1493}", .source = SUBJECT_GUID},
    {.text = "  \"" A "\" \r\n", .source = SUBJECT_GUID},
    {.text = A "._msdcs.contoso.com", .source = SUBJECT_MSDCS_NAME, .forest = "contoso.com"},
    {.text = "ping " A "._msdcs.contoso.com.",
     .source = SUBJECT_MSDCS_NAME,
     .forest = "contoso.com"},
    {.text = "3DAB7F9B-92E7-4391-B8DB-71DF532C1493._MSDCS.CONTOSO.COM",
     .source = SUBJECT_MSDCS_NAME},
    {.text = "9b7fab3de7929143b8db71df532c1493", .source = SUBJECT_GUID, .says = "wire order"},
    {.text = "0x9B7FAB3DE7929143B8DB71DF532C1493", .source = SUBJECT_GUID},
    {.text = "9b 7f ab 3d e7 92 91 43 b8 db 71 df 53 2c 14 93", .source = SUBJECT_GUID},
    {.text = "0x9b 0x7f 0xAB 0x3d 0xe7 0x92 0x91 0x43 0xb8 0xdb 0x71 0xdf 0x53 0x2c 0x14 0x93",
     .source = SUBJECT_GUID},
    {.text = "<GUID=9b7fab3de7929143b8db71df532c1493>", .source = SUBJECT_GUID},
    {.text = "<GUID=" A ">", .source = SUBJECT_GUID},
    {.text = "<GUID=" A ">;<SID=S-1-5-21>;" LIV_NTDS, .source = SUBJECT_GUID, .server = "LIVDC02"},
    {.text = "objectGUID:: m3+rPeeSkUO423HfUywUkw==", .source = SUBJECT_GUID},
    {.text = "m3+rPeeSkUO423HfUywUkw==", .source = SUBJECT_GUID},
    {.text = "(objectGUID=\\9b\\7f\\ab\\3d\\e7\\92\\91\\43\\b8\\db\\71\\df\\53\\2c\\14\\93)",
     .source = SUBJECT_GUID},
    {.text = "dn: " LIV_NTDS "\nobjectClass: nTDSDSA\nobjectGUID:: m3+rPeeSkUO423HfUywUkw==\n"
             "invocationId:: EREiIjMzREVVVWZmd3eIiA==\n",
     .source = SUBJECT_GUID,
     .server = "LIVDC02",
     .ntds_dn = LIV_NTDS},
    {.text = "DistinguishedName : " LIV_NTDS "\nName : NTDS Settings\nObjectGUID        : " A "\n",
     .source = SUBJECT_GUID,
     .ntds_dn = LIV_NTDS},
    /* typographic dashes of every kind, invisible characters, Markdown, HTML-ish emphasis */
    {.text = "3dab7f9b\xE2\x80\x90"
             "92e7\xE2\x80\x93"
             "4391\xE2\x88\x92"
             "b8db\xE2\x80\x94"
             "71df532c1493",
     .source = SUBJECT_GUID},
    {.text = "3dab7f9b\xE2\x80\x91"
             "92e7\xE2\x80\x92"
             "4391\xE2\x80\x95"
             "b8db\xEF\xBC\x8D"
             "71df532c1493",
     .source = SUBJECT_GUID},
    {.text = "3dab7f9b\x96"
             "92e7\x96"
             "4391\x96"
             "b8db\x96"
             "71df532c1493",
     .source = SUBJECT_GUID},
    {.text = "3dab\xE2\x80\x8B"
             "7f9b-92e7-\xC2\xAD"
             "4391-b8db-71df\xEF\xBB\xBF"
             "532c1493",
     .source = SUBJECT_GUID},
    {.text = "\xC2\xA0\xE2\x80\x9C" A "\xE2\x80\x9D\xC2\xA0", .source = SUBJECT_GUID},
    {.text = "_" A "_", .source = SUBJECT_GUID},
    {.text = "Directory service:\n*" A "*.\\_msdcs.contoso.com\n",
     .source = SUBJECT_MSDCS_NAME,
     .forest = "contoso.com"},
    {.text = "the DSA \\<" A "\\> is it\n", .source = SUBJECT_GUID},
    {.text = "E3514235-4B06-11D1-AB04-00C04FC2DCD2/" A "/contoso.com", .source = SUBJECT_GUID},
    /* broken over two lines, with and without quotes, mid-word, by quoted-printable */
    {.text = "service:\n3dab7f9b-92e7-4391-\nb8db-71df532c1493._msdcs.contoso.com\n",
     .source = SUBJECT_MSDCS_NAME,
     .line = 2},
    {.text = "> service:\n> 3dab7f9b-92e7-43\n> 91-b8db-71df532c1493._msdcs.contoso.com\n",
     .source = SUBJECT_MSDCS_NAME},
    {.text = "x\n3dab7f9b-92e7-4391-b8db-7=\r\n1df532c1493._msdcs.contoso.com\n",
     .source = SUBJECT_MSDCS_NAME},
    {.text = "x\n" A "\n   ._msdcs.contoso.com\n",
     .source = SUBJECT_MSDCS_NAME,
     .forest = "contoso.com"},
    {.text = "x\n" A "._ms\ndcs.contoso.com\n",
     .source = SUBJECT_MSDCS_NAME,
     .forest = "contoso.com"},
    {.text = "x\n" A "._msdcs.cont\noso.com\n",
     .source = SUBJECT_MSDCS_NAME,
     .forest = "contoso.com"},
    {.text = "x\n" A "._msdcs.contoso.com\nlivdc02.contoso.com\n",
     .source = SUBJECT_MSDCS_NAME,
     .forest = "contoso.com"},
    /* what stands beside it and is none */
    {.text = "invocationId: " I "\nobjectGUID: " A "\n", .source = SUBJECT_GUID, .line = 2},
    {.text = "_ldap._tcp." B ".domains._msdcs.contoso.com\n" A "._msdcs.contoso.com\n",
     .source = SUBJECT_MSDCS_NAME},
    {.text = "md5 9b7fab3de7929143b8db71df532c1493 of\n" A "._msdcs.contoso.com\n",
     .source = SUBJECT_MSDCS_NAME},
};
START_TEST(reads_every_spelling_of_a_guid)
{
    struct expect want = spellings[_i];
    want.count = 1;
    want.guid = A;
    check_row(&want);
}
END_TEST

static const struct expect typed[] = {
    {.text = "livdc02",
     .count = 1,
     .source = SUBJECT_SERVER_NAME,
     .server = "livdc02",
     .site = "-"},
    {.text = " LIVDC02$ \n", .count = 1, .source = SUBJECT_SERVER_NAME, .server = "LIVDC02"},
    {.text = "CONTOSO\\LIVDC02$",
     .count = 1,
     .source = SUBJECT_SERVER_NAME,
     .server = "LIVDC02",
     .site = "-"},
    {.text = "livdc02.contoso.com.",
     .count = 1,
     .source = SUBJECT_SERVER_NAME,
     .server = "livdc02.contoso.com"},
    {.text = "\\\\livdc02", .count = 1, .source = SUBJECT_SERVER_NAME, .server = "livdc02"},
    {.text = "Liverpool\\LIVDC02",
     .count = 1,
     .source = SUBJECT_SERVER_NAME,
     .server = "LIVDC02",
     .site = "Liverpool"},
    {.text = LIV_SERVER,
     .count = 1,
     .source = SUBJECT_DN,
     .server = "LIVDC02",
     .site = "Liverpool",
     .ntds_dn = "-"},
    {.text = LIV_NTDS, .count = 1, .source = SUBJECT_DN, .server = "LIVDC02", .ntds_dn = LIV_NTDS},
    {.text = "CN=NTDS\nSettings,CN=LIVDC02,CN=Servers,CN=Liver\npool,CN=Sites,CN=Configuration,DC="
             "cont\noso,DC=com\n",
     .count = 1,
     .source = SUBJECT_DN,
     .ntds_dn = LIV_NTDS},
    {.text = "CN=NTDS Settings\nDEL:" A ",CN=LIVDC02,CN=Servers,CN=Liverpool," CONFIG,
     .count = 1,
     .guid = A,
     .source = SUBJECT_GUID,
     .deleted = true,
     .server = "LIVDC02"},
    {.text = "CN=LIVDC02,OU=Domain Controllers,DC=contoso,DC=com",
     .count = 1,
     .source = SUBJECT_DN,
     .server = "LIVDC02"},
    {.text = "CN=NTDS Settings\\0ACNF:" A ",CN=LIVDC02,CN=Servers,CN=Liverpool," CONFIG,
     .count = 1,
     .guid = A,
     .source = SUBJECT_GUID},
    {.text = "dn: " LIV_SERVER "\nobjectGUID: " B "\nserverReferenceBL: x\n",
     .count = 1,
     .guid = "-",
     .source = SUBJECT_DN,
     .server = "LIVDC02"},
    {.text = A "\n" B "\n",
     .count = 2,
     .guid = A,
     .second = B,
     .source = SUBJECT_GUID,
     .conflict = true},
    /* too little */
    {.text = "", .says = "Paste event 1411"},
    {.text = " \r\n\t\n", .says = "Paste event 1411"},
    {.text = "hello world, replication is broken", .says = "Paste event 1411"},
    {.text = "8589", .says = "not which DSA"},
    {.text = "0x8007218D", .says = "not which DSA"},
    {.text = "1411", .says = "Nothing in this text"},
    {.text = "10.1.2.3", .says = "Nothing in this text"},
    {.text = "error 1722", .says = "1722"},
    {.text = "DC=contoso,DC=com", .says = "Nothing in this text"},
    {.text = "00000000-0000-0000-0000-000000000000", .says = "Nothing in this text"},
    {.text = "3dab7f9b-92e7-4391-b8db-71df532c149", .says = "cut short"},
    {.text = "3dab7f9b-92e7-4391-b8db", .says = "8-4-4-4-12"},
    {.text = "3dab7f9b-92e7", .says = "cut short"},
    {.text = "dead-beef", .count = 1, .source = SUBJECT_SERVER_NAME, .server = "dead-beef"},
    {.text = "Guid {0e8478c5-3605-4e8c-8497-1e730c959516}\n", .says = "Nothing in this text"},
};
TABLE_TEST(reads_what_is_typed, typed)

/* --- bytes --- */

static size_t as_utf16(const char *text, bool big, bool bom, char *out)
{
    size_t len = 0;
    if (bom) {
        out[len++] = big ? (char)0xFE : (char)0xFF;
        out[len++] = big ? (char)0xFF : (char)0xFE;
    }
    for (; *text; text++) {
        out[len++] = big ? 0 : *text;
        out[len++] = big ? *text : 0;
    }
    return len;
}

START_TEST(reads_utf16)
{
    static const struct expect want = {.count = 1,
                                       .guid = A,
                                       .source = SUBJECT_SHOWREPL,
                                       .hypothesis = true,
                                       .destination = "LIVDC01",
                                       .destination_dsa = D,
                                       .status = 8589};
    char *wide = malloc(2 * strlen(SHOWREPL) + 3);
    size_t len = as_utf16(SHOWREPL, _i & 1, _i & 2, wide);
    check_text(wide, len, &want);
    wide[len] = 'x'; /* half a character at the end */
    check_text(wide, len + 1, &want);
    free(wide);
}
END_TEST

START_TEST(survives_every_cut)
{
    static const char *const texts[] = {E1411(A),
                                        SHOWREPL,
                                        XML("1411", DATA_1411),
                                        REPLICATIONS("8589"),
                                        JSON(JSON_PARTNER(A, SAMBA_FAILED, "1700"), ""),
                                        CSV_ROW("WARD5", "8589"),
                                        PROBLEM(LIV_NTDS, "serverReferenceBL")};
    const char *text = texts[_i];
    for (size_t len = 0; len <= strlen(text); len++) {
        struct subject subject;
        char *exact = malloc(len + 1);
        memcpy(exact, text, len);
        err_free(intake_read(exact, len, &subject));
        subject_release(&subject);
        free(exact);
    }
}
END_TEST

START_TEST(survives_wrapping_at_any_column)
{
    const char *line = LIV_NTDS;
    for (size_t at = strlen("CN=N"); at < strlen(line); at++) {
        if (line[at] == ' ' || line[at - 1] == ' ')
            continue;
        char text[512];
        snprintf(text, sizeof text, HEAD_2008("2023") "Remote:\n%.*s\n%s\nError:\n8589\n", (int)at,
                 line, line + at);
        struct expect want = {
            .count = 1, .source = SUBJECT_EVENT_2023, .ntds_dn = LIV_NTDS, .status = 8589};
        check_text(text, strlen(text), &want);
    }
}
END_TEST

START_TEST(wraps_guids_at_any_column)
{
    const char *name = A "._msdcs.contoso.com";
    for (size_t at = 1; at < strlen(name) - strlen("oso.com"); at++) {
        char text[256];
        snprintf(text, sizeof text,
                 "Event ID: 1411\nDirectory service:\n%.*s\n%s\nError value:\n8589\n", (int)at,
                 name, name + at);
        struct expect want = {.count = 1,
                              .guid = A,
                              .source = SUBJECT_EVENT_1411,
                              .forest = "contoso.com",
                              .line = 3};
        check_text(text, strlen(text), &want);
    }
}
END_TEST

/* Garbage of one kind, repeated to some MiB. */
static const char *const garbage[] = {
    "CN=a ",
    "CN=a,",
    "DC=",
    "DC=aDC=",
    "<Event ",
    "<Event></Event>",
    "{",
    "[{\"repsFrom\":[",
    "\\0ADEL:",
    "\r",
    "\n",
    "> ",
    "a\\b\n",
    A "\n",
    A "._msdcs.x\n",
    "Event ID: 1411\n",
    "====",
    "==== x\n",
    "Source: a\\b\n",
    "8589 ",
    "showrepl_INFO,",
    "showrepl_INFO,\n",
    "\xFF\xFE",
    "a\0b",
    "[a,b]\n",
    "Event ID: 1411 " A "._msdcs.x ",
    "a\\b via RPC\n",
    "-",
    "\x1B[",
    "3dab7f9b-92e7-4391-b8db-\n",
    "CN=NTDS Settings,CN=a,CN=Servers,\n",
    "\"",
    "9b7f",
    LIV_NTDS "\n",
    CSV_ROW("WARD5", "8589"),
    "\\9b\\7f",
    "\"Id\",\n",
    "\"Id\",\"Message\"\n\"1411\",\"",
    "Id : 1\n",
    "SyncAll\nFrom: " A "._msdcs.x\n",
    "objectGUID:\n9b 7f\n",
    "&amp;",
    "<td>",
    "=3D",
    "Repadmin: /x a.b\n",
    "==== KCC ====\na\\b\nGUID: " A "\n",
};
START_TEST(survives_garbage_in_linear_time)
{
    enum { SIZE = 1 << 19 };
    const char *piece = garbage[_i];
    size_t step = strlen(piece) + (strcmp(piece, "a") == 0 ? 2 : 0);
    char *text = malloc(SIZE);
    for (size_t i = 0; i < SIZE; i++)
        text[i] = piece[i % step];
    clock_t start = clock();
    struct subject subject;
    err_free(intake_read(text, SIZE, &subject));
    ck_assert_uint_le(subject.count, 64);
    ck_assert_uint_le(subject.notes.count, 512);
    subject_release(&subject);
    free(text);
    ck_assert_msg(clock() - start < 10 * CLOCKS_PER_SEC, "'%s' took too long", piece);
}
END_TEST

START_TEST(says_what_it_left_out)
{
    struct subject subject;
    size_t len = ((size_t)17 << 20);
    char *text = malloc(len);
    memset(text, '\n', len);
    memcpy(text, A, strlen(A));
    ck_assert_ptr_null(intake_read(text, len, &subject));
    ck_assert(said(&subject, NULL, "only the first 16 MiB"));
    same_guid(&subject.dsas[0], A);
    subject_release(&subject);
    free(text);
}
END_TEST

static const struct {
    const char *text, *cut, *destination, *fault;
    long status;
    size_t line;
} short_ones[] = {
    {"3dab7f9b-92e7-4391", "3dab7f9b-92e7-4391", NULL, NULL, 0, 1},
    {"Event ID: 1925\nComputer: "
     "londc01.contoso.com\nSource:\n3dab7f9b-...-71df._msdcs.contoso.com\n"
     "Error value: 8589\n",
     "3dab7f9b-...-71df", "londc01.contoso.com", NULL, 8589, 4},
    {"Event ID: 2087\nSource directory service: 3dab7f9b-...-1493\nError value: 8524\n",
     "3dab7f9b-...-1493", NULL, "8524", 8524, 2},
    {"Event ID: 2087\nSource directory service:\n3dab7f9b-92e7-...\nError value: 8524\n",
     "3dab7f9b-92e7-...", NULL, "8524", 8524, 3},
    {"DSA " A ", not 3dab7f9b-...-1493", NULL, NULL, NULL, 0, 0}, /* one is named in full */
};

/* What the text says goes with the DSAs that will be offered for it. */
START_TEST(carries_a_guid_that_was_cut_short)
{
    struct subject subject;
    struct err *err = intake_read(short_ones[_i].text, strlen(short_ones[_i].text), &subject);
    const struct subject_dsa *like = &subject.like;
    ck_assert_pstr_eq(subject.cut, short_ones[_i].cut);
    ck_assert_pstr_eq(like->destination, short_ones[_i].destination);
    ck_assert_int_eq(like->status, short_ones[_i].status);
    ck_assert_uint_eq(like->line, short_ones[_i].line);
    ck_assert_msg(!like->other_fault == !short_ones[_i].fault, "%s", like->other_fault);
    ck_assert(!short_ones[_i].fault || strstr(like->other_fault, short_ones[_i].fault));
    ck_assert_int_eq(!subject.cut, subject.count);
    err_free(err);
    subject_release(&subject);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("intake");
    TCase *tc = tcase_create("texts");
    suite_add_tcase(suite, tc);
    ADD_TABLE(reads_events, events);
    ADD_TABLE(reads_other_languages, languages);
    ADD_TABLE(reads_event_xml, documents);
    ADD_TABLE(reads_showrepl, reports);
    ADD_TABLE(reads_samba, samba);
    ADD_TABLE(reads_tables_and_dcdiag, tables);
    ADD_TABLE(reads_every_spelling_of_a_guid, spellings);
    ADD_TABLE(reads_what_is_typed, typed);
    tcase_add_loop_test(tc, reads_utf16, 0, 4);
    tcase_add_loop_test(tc, survives_every_cut, 0, 7);
    tcase_add_test(tc, survives_wrapping_at_any_column);
    tcase_add_test(tc, wraps_guids_at_any_column);
    ADD_TABLE(survives_garbage_in_linear_time, garbage);
    tcase_add_test(tc, says_what_it_left_out);
    ADD_TABLE(carries_a_guid_that_was_cut_short, short_ones);
    return suite_run(suite);
}
