"""Standards and articles that the answers rest on."""

from commands.smtpport.evidence import conflicting, documented, reported

_RFC = "https://www.rfc-editor.org/rfc/rfc"

IANA = documented(
    "IANA port registry",
    "https://www.iana.org/assignments/service-names-port-numbers",
    "2025-07-14",
)
RFC_821 = documented("RFC 821", _RFC + "821", "1982-08")
RFC_2033 = documented("RFC 2033", _RFC + "2033", "1996-10")
RFC_2645 = documented("RFC 2645", _RFC + "2645", "1999-08")
RFC_3207_4 = documented("RFC 3207 section 4", _RFC + "3207#section-4", "2002-02")
RFC_3464 = documented("RFC 3464", _RFC + "3464", "2003-01")
RFC_5321 = documented("RFC 5321", _RFC + "5321", "2008-10")
RFC_5321_TIMEOUTS = documented("RFC 5321 section 4.5.3.2", _RFC + "5321#section-4.5.3.2", "2008-10")
RFC_5965 = documented("RFC 5965", _RFC + "5965", "2010-08")
RFC_6409_3_1 = documented("RFC 6409 section 3.1", _RFC + "6409#section-3.1", "2011-11")
RFC_6409_4_3 = documented("RFC 6409 section 4.3", _RFC + "6409#section-4.3", "2011-11")
RFC_7672 = documented("RFC 7672", _RFC + "7672", "2015-10")
RFC_8314_3 = documented("RFC 8314 section 3", _RFC + "8314#section-3", "2018-01")
RFC_8314_3_3 = documented("RFC 8314 section 3.3", _RFC + "8314#section-3.3", "2018-01")
RFC_8314_4_1 = documented("RFC 8314 section 4.1", _RFC + "8314#section-4.1", "2018-01")
RFC_8314_7_3 = documented("RFC 8314 section 7.3", _RFC + "8314#section-7.3", "2018-01")
RFC_8461 = documented("RFC 8461", _RFC + "8461", "2018-09")

SPARKPOST_API = documented("SparkPost SMTP API", "https://developers.sparkpost.com/api/smtp/", "2026-06-23")
SPARKPOST_PORTS = conflicting(
    "SparkPost, which SMTP port", "https://www.sparkpost.com/blog/what-smtp-port/", "2018-05-23"
)
SPARKPOST_GUIDE = reported(
    "SparkPost, which SMTP port (on networks)", "https://www.sparkpost.com/blog/what-smtp-port/", "2018-05-23"
)
SPARKPOST_NO_465 = documented(
    "SparkPost, which SMTP port (no connections on 465)",
    "https://www.sparkpost.com/blog/what-smtp-port/",
    "2018-05-23",
)
MOZILLA = reported(
    "Thunderbird provider database", "https://github.com/thunderbird/autoconfig/tree/master/ispdb", "2026-03-12"
)
NODEMAILER = reported(
    "nodemailer service list",
    "https://github.com/nodemailer/nodemailer/blob/master/lib/well-known/services.json",
    "2026-08-07",
)
NO_STARTTLS = documented("USENIX Security 2021, NO STARTTLS", "https://nostarttls.secvuln.info/", "2021-08")
RAILWAY = documented(
    "Railway, outbound networking",
    "https://github.com/railwayapp/docs/blob/main/content/docs/networking/outbound-networking.md",
    "2026-08-21",
)
GITLAB_CHARTS = reported(
    "GitLab charts, quoting Google's page", "https://gitlab.com/gitlab-org/charts/gitlab/-/merge_requests/647", "2018"
)
GITLAB_GCE = reported(
    "GitLab, test from Google Cloud",
    "https://gitlab.com/gitlab-org/gitlab-foss/-/merge_requests/23275",
    "2018",
)
M365 = documented(
    "Microsoft, multifunction devices (a copy)",
    "https://learn.microsoft.com/exchange/mail-flow-best-practices/"
    "how-to-set-up-a-multifunction-device-or-application-to-send-email-using-microsoft-365-or-office-365",
    "2021",
)
SES = documented("Amazon SES, SMTP endpoints", "https://docs.aws.amazon.com/ses/latest/dg/smtp-connect.html", "2026-08")
RESEND = documented("Resend, send with SMTP", "https://resend.com/docs/send-with-smtp", "2026")
SCALEWAY_TEM = documented(
    "Scaleway, SMTP configuration",
    "https://github.com/scaleway/docs-content/blob/main/pages/transactional-email/reference-content/"
    "smtp-configuration.mdx",
    "2024-11-04",
)
SMTP2GO = documented("SMTP2GO, SMTP relay", "https://developers.smtp2go.com/docs/smtp-relay", "2026")
MAILPIT = documented("Mailpit README (a copy)", "https://github.com/naivesystems/mailpit", "undated (read 2026-11)")
AIOSMTPD = documented(
    "aiosmtpd source, main.py",
    "https://github.com/aio-libs/aiosmtpd/blob/master/aiosmtpd/main.py",
    "undated (read 2026-11)",
)
POSTFIX_LMTP = documented("Postfix, posttls-finger(1)", "https://www.postfix.org/posttls-finger.1.html", "2023")
POWERMTA_RELAYING = documented(
    "PowerMTA user's guide (a copy), section 3.3.1.42", "https://github.com/Kira41/pmta", "undated (read 2026-11)"
)
POWERMTA = documented(
    "PowerMTA user's guide (a copy), sections 3.3.1.24, 3.3.10.90 and 3.3.10.95",
    "https://github.com/Kira41/pmta",
    "undated (read 2026-11)",
)
