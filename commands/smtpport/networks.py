"""Networks and what they do with outbound SMTP. One row each, with its evidence and date. Data only.

A port that the page about blocked ports does not name is `unnamed`; where no page was read it is `unclear`. `evidence`
holds what does not rest on the sources of the whole row.
"""

from commands.smtpport.evidence import conflicting, documented, reported, unconfirmed
from commands.smtpport.records import Network
from commands.smtpport.sources import GITLAB_CHARTS, GITLAB_GCE, RAILWAY, SES

READ = "undated (read 2026-11)"
_GCE_OF_OLD = unconfirmed(
    "inferred from a GitLab change and from SparkPost's and SMTPeter's pages",
    "https://gitlab.com/gitlab-org/gitlab-foss/-/merge_requests/23275",
    "2018",
)
_AZURE = documented(
    "Azure, outbound SMTP (older copy)",
    "https://github.com/MicrosoftDocs/azure-docs/blob/main/articles/virtual-network/"
    "troubleshoot-outbound-smtp-connectivity.md",
    "2021-04-28",
)
_AZURE_NOTE = "This is an older copy of the page. A newer text differs and was not read."
_AZURE_LIFT = (
    "in the portal under Diagnose and solve problems (the port 25 entry), then stop and start the machines; it counts "
    "for traffic that goes straight to the Internet"
)
_AWS_25 = documented(
    "AWS, port 25 throttle",
    "https://aws.amazon.com/premiumsupport/knowledge-center/ec2-port-25-throttle",
    "2026",
)
_AWS_TRACE = reported(
    "C. Theserenos, EC2 SMTP limits",
    "https://chris.theserenos.com/blog/2019/03/15/case-study-smtp-limits/",
    "2019-03-15",
)
_DROPLET_PAGE = documented(
    "DigitalOcean, why SMTP is blocked", "https://docs.digitalocean.com/support/why-is-smtp-blocked/", "2020"
)
_DROPLET_2019 = conflicting(
    "DigitalOcean's support, quoted in a gist",
    "https://gist.github.com/tihoho/a795ea8813530c6088b07d6123f62216",
    "2019-01-27",
)
_DROPLET_2025 = reported(
    "DigitalOcean's support, quoted in Purelymail issue 294",
    "https://github.com/Purelymail/purelymail-issues/issues/294",
    "2025-04-29",
)
_DROPLET_2026 = conflicting(
    "T. Kiharani, a test from a Droplet",
    "https://thekiharani.com/notes/why-your-vps-blocks-smtp-use-an-email-api",
    "2026-06-26",
)
_HUBS = reported("Hubs, discussion 2886", "https://github.com/Hubs-Foundation/hubs/discussions/2886", "2020-08-20")
_HETZNER = reported(
    "a commit that cites Hetzner's docs", "https://git.wizard.lu/sboulahtit/orion/commit/1227567d", "2026-05-30"
)
_HETZNER_LOCKING = unconfirmed(
    "Hetzner, server locking",
    "https://docs.hetzner.com/robot/dedicated-server/troubleshooting/guideline-in-case-of-server-locking/",
    "2024-02-23",
)
_ALIBABA_ECS = (
    reported("BayIDC, Alibaba port 25", "https://www.bayidc.com/helpcontent/42812.html", "2025"),
    reported("Zhitaoyun, Alibaba port 25", "https://www.zhitaoyun.cn/2280778.html", "2025"),
)
_ALIBABA_SAS = documented("Alibaba, mail ports", "https://www.alibabacloud.com/help/doc-detail/59086.htm", "2024-01-24")
_RENDER = reported(
    "lavx, quoting Render's support",
    "https://news.lavx.hu/article/when-free-tier-limits-break-your-production-email-system",
    "2025-09-26",
)
_RENDER_2525 = reported(
    "sample_apps pull 102, from 587 to 2525", "https://github.com/yasslab/sample_apps/pull/102", "2025"
)
_VERIZON = (
    reported(
        "AZ Central, Verizon and port 25",
        "https://yourbusiness.azcentral.com/verizon-blocking-outgoing-smtp-authentication-28702.html",
        "2009",
    ),
    reported(
        "Experts123, Verizon's own FAQ",
        "https://experts123.com/q/what-is-outbound-port-25-blocking.html",
        READ,
    ),
)
_ISP_LIST = reported("Digicom, ISPs that block 25", "https://portal.digicom.com/index.php?rp=/knowledgebase/81/", READ)
_ISP_EGRESS = "25:blocked 465:unnamed 587:open 2525:unnamed"
_AT_HOME = "your line is a residential one"

CLOUDS = (
    Network(
        key="gce",
        name="Google Cloud (Compute Engine, GKE)",
        kind="cloud",
        egress="25:blocked 465:open 587:open 2525:open",
        scope="virtual machines that connect to external addresses",
        lift="no way is documented for most projects; some accounts are exempt",
        symptom="no answer (the connection attempt is dropped)",
        note="Before about 2018 its documentation listed 465 and 587 as blocked too; that is why many guides "
        "send Google Cloud users to 2525.",
        sources=(GITLAB_CHARTS, GITLAB_GCE),
        evidence={2525: (GITLAB_CHARTS,), "lift": (GITLAB_CHARTS,), "symptom": (GITLAB_GCE,), "note": (_GCE_OF_OLD,)},
        names=(
            "google cloud",
            "gce",
            "gcp",
            "gke",
            "google compute engine",
            "compute engine",
            "google cloud platform",
            "google compute",
            "nube de google",
        ),
        weak=("google",),
    ),
    Network(
        key="ec2",
        name="AWS EC2",
        kind="cloud",
        egress="25:blocked 465:open 587:open 2525:unnamed",
        scope="accounts whose limit has not been removed, which are throttled at first",
        lift="ask AWS to remove the sending limit (a form, per account and region)",
        symptom="timeouts, or a few connections pass and later ones vanish",
        sources=(_AWS_25, SES),
        evidence={"lift": (_AWS_25,), "symptom": (_AWS_TRACE,)},
        names=("ec2", "aws ec2", "amazon ec2", "aws", "amazon web services"),
        weak=("amazon",),
    ),
    Network(
        key="lambda",
        name="AWS Lambda",
        kind="cloud",
        egress="25:blocked 465:unnamed 587:unnamed 2525:unnamed",
        scope="every function",
        lift="only for functions inside a VPC, by AWS's form",
        sources=(_AWS_25,),
        names=("lambda", "aws lambda"),
    ),
    Network(
        key="azure",
        name="Microsoft Azure",
        kind="cloud",
        egress="25:blocked 465:unnamed 587:open 2525:unnamed",
        scope="every subscription but an Enterprise Agreement",
        condition="your subscription is not an Enterprise Agreement",
        variants=("azure-payg", "azure-dev", "azure-ea"),
        lift=f"{_AZURE_LIFT}. Trial, student and Visual Studio subscriptions: never",
        note=_AZURE_NOTE,
        sources=(_AZURE,),
        names=("azure", "microsoft azure", "azure vm", "azure vms"),
        weak=("microsoft",),
    ),
    Network(
        key="azure-payg",
        name="Microsoft Azure (pay-as-you-go and partner subscriptions)",
        kind="cloud",
        egress="25:blocked 465:unnamed 587:open 2525:unnamed",
        scope="pay-as-you-go, CSP, MPN, BizSpark and Sponsorship subscriptions",
        lift=_AZURE_LIFT,
        note=_AZURE_NOTE,
        sources=(_AZURE,),
        names=("azure pay as you go", "azure payg", "azure csp", "azure mpn", "azure bizspark", "azure sponsorship"),
    ),
    Network(
        key="azure-dev",
        name="Microsoft Azure (trial, student and Visual Studio subscriptions)",
        kind="cloud",
        egress="25:blocked 465:unnamed 587:open 2525:unnamed",
        scope="MSDN, Azure Pass, Open, Education, Student, Free Trial and Visual Studio subscriptions",
        lift="never; change the subscription type or use a relay",
        note=_AZURE_NOTE,
        sources=(_AZURE,),
        names=("azure trial", "azure free trial", "azure student", "azure msdn", "azure visual studio", "azure free"),
    ),
    Network(
        key="azure-ea",
        name="Microsoft Azure (Enterprise Agreement)",
        kind="cloud",
        egress="25:open 465:unnamed 587:open 2525:unnamed",
        scope="Enterprise Agreement subscriptions",
        note=_AZURE_NOTE,
        sources=(_AZURE,),
        names=("azure ea", "azure enterprise", "azure enterprise agreement"),
    ),
    Network(
        key="digitalocean",
        name="DigitalOcean",
        kind="cloud",
        egress="25:blocked 465:conflicting 587:conflicting 2525:open",
        scope="new accounts",
        condition="your account is a new one",
        lift="a support ticket; refusals are quoted from 2019 and 2025",
        symptom="timeouts",
        note="Its page names port 25 only, and its support allowed 465 and 587 in 2019; in 2025 it would not open 25, "
        "465 or 587 and advised 2525, and in 2026 a user saw 465 and 587 time out.",
        sources=(_DROPLET_PAGE,),
        evidence={
            465: (_DROPLET_2019, _DROPLET_2026),
            587: (_DROPLET_2019, _DROPLET_2026),
            2525: (_DROPLET_2025, _HUBS),
            "lift": (_DROPLET_2025,),
            "symptom": (_DROPLET_2026,),
            "note": (_DROPLET_2019, _DROPLET_2026),
        },
        names=("digitalocean", "digital ocean", "droplet", "droplets"),
    ),
    Network(
        key="linode",
        name="Akamai (Linode)",
        kind="cloud",
        egress="25:blocked 465:blocked 587:blocked 2525:unnamed",
        scope="accounts made since 2019-11-05",
        condition="your account was made since 2019-11-05",
        others_open=True,
        lift="a support ticket, once forward and reverse DNS are set",
        sources=(
            documented(
                "Linode, policy on spam",
                "https://www.linode.com/blog/linode/a-new-policy-to-help-fight-spam/",
                "2019-11-05",
            ),
        ),
        names=("linode", "akamai", "akamai linode"),
    ),
    Network(
        key="vultr",
        name="Vultr",
        kind="cloud",
        egress="25:blocked 465:unnamed 587:unnamed 2525:unnamed",
        scope="by default",
        lift="a support ticket; refusals are reported",
        symptom="timeouts",
        sources=(reported("emailwiz issue 172", "https://github.com/LukeSmithxyz/emailwiz/issues/172", "2022"),),
        names=("vultr",),
    ),
    Network(
        key="hetzner",
        name="Hetzner",
        kind="cloud",
        egress="25:blocked 465:blocked 587:open 2525:unnamed",
        scope="cloud servers",
        condition="your server is a cloud server",
        variants=("hetzner-cloud", "hetzner-robot"),
        lift="cloud servers: ask for it under Limits",
        symptom="no answer, although the server's own firewall is clean",
        sources=(_HETZNER,),
        names=("hetzner",),
    ),
    Network(
        key="hetzner-cloud",
        name="Hetzner Cloud",
        kind="cloud",
        egress="25:blocked 465:blocked 587:open 2525:unnamed",
        scope="cloud servers, upstream of the machine",
        lift="ask for it under Limits (that it takes a first paid month is not confirmed)",
        symptom="no answer, although the server's own firewall is clean",
        sources=(_HETZNER,),
        names=("hetzner cloud", "hcloud"),
    ),
    Network(
        key="scaleway",
        name="Scaleway Instances",
        kind="cloud",
        egress="25:blocked 465:blocked 587:blocked 2525:unclear",
        scope="the default security group",
        lift="allow SMTP in the security group after identity verification; Elastic Metal and Public Gateways have a "
        "switch of their own",
        sources=(
            documented(
                "Scaleway, sending from an Instance",
                "https://github.com/scaleway/docs-content/blob/main/pages/instances/how-to/"
                "send-emails-from-your-instance.mdx",
                "2025-07-21",
            ),
        ),
        names=("scaleway", "scaleway instance", "scaleway instances"),
    ),
    Network(
        key="oci",
        name="Oracle Cloud compute",
        kind="cloud",
        egress="25:blocked 465:unnamed 587:unnamed 2525:unnamed",
        scope="tenancies without an exemption",
        condition="your tenancy has no exemption",
        lift="a support request, for paid accounts",
        sources=(
            reported("analogic mailserver issue 975", "https://bitbucket.org/analogic/mailserver/issues/975", "2020"),
            reported(
                "Nylas, blocked SMTP ports",
                "https://developer.nylas.com/docs/cookbook/email/smtp-ports-blocked.md",
                "2026",
            ),
        ),
        names=("oracle cloud", "oci", "oracle"),
    ),
    Network(
        key="alibaba",
        name="Alibaba Cloud",
        kind="cloud",
        egress="25:blocked 465:unnamed 587:unnamed 2525:unnamed",
        scope="by default",
        condition="your server is an ECS instance",
        variants=("alibaba-ecs", "alibaba-sas"),
        lift="ECS: an application in the console",
        sources=_ALIBABA_ECS,
        names=("alibaba cloud", "alibaba", "aliyun"),
    ),
    Network(
        key="alibaba-ecs",
        name="Alibaba Cloud ECS",
        kind="cloud",
        egress="25:blocked 465:unnamed 587:unnamed 2525:unnamed",
        scope="by default",
        lift="an application in the console",
        sources=_ALIBABA_ECS,
        names=("alibaba ecs", "alibaba cloud ecs", "aliyun ecs"),
    ),
    Network(
        key="alibaba-sas",
        name="Alibaba Simple Application Server",
        kind="cloud",
        egress="25:blocked 465:open",
        scope="by default",
        sources=(_ALIBABA_SAS,),
        names=("simple application server", "alibaba simple application server"),
    ),
    Network(
        key="baidu",
        name="Baidu AI Cloud EIP",
        kind="cloud",
        egress="25:blocked 465:open 587:open 2525:unnamed",
        scope="by default",
        lift="none; use 465 or 587",
        sources=(documented("Baidu, EIP", "https://intl.cloud.baidu.com/en/doc/EIP/s/flmgdlnw3-intl-en", "2026"),),
        names=("baidu", "baidu cloud"),
    ),
    Network(
        key="genesis",
        name="Genesis Cloud",
        kind="cloud",
        egress="25:blocked 465:unclear 587:unclear",
        scope="the whole platform",
        lift="by contract",
        note="The page speaks of SMTP ports and gives no numbers: 465 and 587 may be among them.",
        sources=(
            documented(
                "Genesis Cloud, SMTP",
                "https://support.genesiscloud.com/support/solutions/articles/47001258535",
                "2024",
            ),
        ),
        names=("genesis cloud", "genesiscloud"),
    ),
)

HOSTERS = (
    Network(
        key="hetzner-robot",
        name="Hetzner dedicated servers",
        kind="hoster",
        egress="25:unclear 465:unnamed 587:unnamed 2525:unnamed",
        note="25 is said to be open, but no page that says so was read. Scanning ports from there can get a server "
        "locked.",
        sources=(_HETZNER_LOCKING,),
        names=("hetzner dedicated", "hetzner robot", "hetzner root server", "hetzner dedicated server"),
    ),
    Network(
        key="ovh",
        name="OVHcloud",
        kind="hoster",
        egress="25:open 465:unnamed 587:unnamed 2525:unnamed",
        scope="per IP address",
        lift="stop the spam, then unblock in the control panel or by the API",
        symptom="25 begins to time out after a notice from OVHcloud",
        note="25 is closed for an address automatically once spam is seen from it.",
        sources=(
            documented(
                "OVHcloud, unblocking an IP address",
                "https://support.us.ovhcloud.com/hc/en-us/articles/16100926574995",
                "2022-10-17",
            ),
            documented(
                "OVHcloud, anti-spam", "https://docs.ovh.com/au/en/dedicated/antispam-best-practices/", "2022-10-17"
            ),
        ),
        names=("ovh", "ovhcloud", "ovh vps", "soyoustart", "kimsufi"),
    ),
    Network(
        key="cloudzy",
        name="Cloudzy",
        kind="hoster",
        egress="25:blocked 465:blocked 587:blocked 2525:blocked",
        scope="by default",
        lift="a ticket, without guarantee",
        sources=(documented("Cloudzy, SMTP ports", "https://cloudzy.com/kb/smtp-ports-on-cloudzy-servers", "2026"),),
        names=("cloudzy",),
    ),
    Network(
        key="mmitech",
        name="MMITech",
        kind="hoster",
        egress="25:blocked 26:blocked 465:blocked 587:blocked 2525:blocked",
        scope="by default",
        lift="a ticket",
        sources=(documented("MMITech, ports", "https://mmitech.info/index.php?rp=/knowledgebase/9/", "2025"),),
        names=("mmitech",),
    ),
    Network(
        key="mynymbox",
        name="Mynymbox",
        kind="hoster",
        egress="25:blocked",
        scope="by default",
        lift="a fee of 10 EUR and proof of DNS",
        sources=(documented("Mynymbox, email policy", "https://docs.mynymbox.io/vps/email-policy", "2026"),),
        names=("mynymbox",),
    ),
    Network(
        key="sharkhost",
        name="SharkHost",
        kind="hoster",
        egress="25:blocked 465:open 587:open",
        scope="by default",
        lift="a ticket",
        sources=(
            documented("SharkHost, ports", "https://clients.sharkhost.co/index.php?rp=/knowledgebase/10/", "2026"),
        ),
        names=("sharkhost",),
    ),
    Network(
        key="edbb",
        name="EDBB",
        kind="hoster",
        egress="25:limited 465:unnamed 587:unnamed 2525:unnamed",
        scope="servers made after 2025-02-24: 8 packets a second on port 25",
        lift="none",
        symptom="slow and lossy sessions on 25 that look like tarpitting",
        sources=(documented("EDBB, port 25", "https://docs.edbb.com/faq/port-25-smtp-rate-limit-policy", "2025"),),
        names=("edbb",),
    ),
    Network(
        key="contabo",
        name="Contabo",
        kind="hoster",
        egress="25:unclear 465:unclear 587:unclear 2525:unclear",
        note="No usable page was found: test the ports from the server.",
        sources=(unconfirmed("No page found for Contabo", "https://contabo.com/", "2026-11-24"),),
        names=("contabo",),
    ),
    Network(
        key="mediatemple",
        name="Media Temple Grid",
        kind="hoster",
        egress="25:blocked 465:unnamed 587:unnamed",
        scope="Grid hosting, delivery straight to other servers",
        lift="use a relay",
        sources=(
            documented(
                "Media Temple, port 25",
                "https://mediatemple.net/community/products/all/204644330/outbound-connections-over-port-25-blocked",
                READ,
            ),
        ),
        names=("media temple", "mediatemple"),
    ),
)

PLATFORMS = (
    Network(
        key="railway",
        name="Railway",
        kind="platform",
        egress="25:blocked 465:blocked 587:blocked 2525:blocked",
        scope="the Free, Trial and Hobby plans",
        condition="your plan is Free, Trial or Hobby",
        variants=("railway-hobby", "railway-pro"),
        lift="upgrade to Pro and deploy again",
        symptom="timeouts; without outbound IPv6 also 'network is unreachable'",
        sources=(RAILWAY,),
        names=("railway", "railway.app"),
    ),
    Network(
        key="railway-hobby",
        name="Railway (Free, Trial and Hobby plans)",
        kind="platform",
        egress="25:blocked 465:blocked 587:blocked 2525:blocked",
        scope="SMTP is switched off below the Pro plan",
        lift="upgrade to Pro and deploy again",
        symptom="timeouts; without outbound IPv6 also 'network is unreachable'",
        sources=(RAILWAY,),
        names=("railway hobby", "railway free", "railway trial", "railway hobby plan", "railway free plan"),
    ),
    Network(
        key="railway-pro",
        name="Railway (Pro plan)",
        kind="platform",
        egress="25:open 465:open 587:open 2525:open",
        note="After the upgrade it takes a new deployment. Its page has a test for these four ports.",
        sources=(RAILWAY,),
        names=("railway pro", "railway pro plan"),
    ),
    Network(
        key="render",
        name="Render",
        kind="platform",
        egress="25:blocked 465:blocked 587:blocked 2525:open",
        scope="free web services since 2025-09-26",
        condition="your web service is a free one",
        variants=("render-free", "render-paid"),
        lift="any paid instance type",
        symptom="timeouts",
        sources=(_RENDER,),
        evidence={2525: (_RENDER_2525,)},
        names=("render", "render.com", "onrender"),
    ),
    Network(
        key="render-free",
        name="Render (free web services)",
        kind="platform",
        egress="25:blocked 465:blocked 587:blocked 2525:open",
        scope="since 2025-09-26",
        lift="any paid instance type",
        symptom="timeouts",
        sources=(_RENDER,),
        evidence={2525: (_RENDER_2525,)},
        names=("render free", "render free plan", "render free tier"),
    ),
    Network(
        key="render-paid",
        name="Render (paid instance types)",
        kind="platform",
        egress="25:open 465:open 587:open 2525:open",
        sources=(_RENDER,),
        evidence={2525: (_RENDER_2525,)},
        names=("render paid", "render paid plan", "render starter"),
    ),
    Network(
        key="fly",
        name="Fly.io",
        kind="platform",
        egress="25:unclear 465:unclear 587:unclear 2525:unclear",
        note="Its documentation makes no statement on outbound SMTP ports; it advises using a mail provider. Inbound "
        "SMTP to a shared IPv4 address is not routed.",
        sources=(
            documented(
                "Fly.io, troubleshooting",
                "https://github.com/superfly/docs/blob/main/getting-started/troubleshooting.html.md",
                "2026-08-07",
            ),
        ),
        names=("fly.io", "fly io", "flyio"),
    ),
    Network(
        key="heroku",
        name="Heroku",
        kind="platform",
        egress="25:unclear 465:unclear 587:unclear 2525:unclear",
        note="No usable page was found: test the ports from a dyno.",
        sources=(unconfirmed("No page found for Heroku", "https://devcenter.heroku.com/", "2026-11-24"),),
        names=("heroku", "dyno"),
    ),
    Network(
        key="zerops",
        name="Zerops",
        kind="platform",
        egress="25:blocked 465:blocked 587:open *:blocked",
        scope="587 is the only port for SMTP, without exception",
        lift="none; use 587",
        sources=(documented("Zerops, SMTP", "https://docs.zerops.io/references/smtp.md", "2026"),),
        names=("zerops",),
    ),
    Network(
        key="n8n",
        name="n8n Cloud",
        kind="platform",
        egress="25:open 465:open 587:open 2525:open",
        note="A maintainer says that nothing is blocked; the user who asked saw timeouts all the same.",
        sources=(reported("n8n issue 35024", "https://github.com/n8n-io/n8n/issues/35024", "2026-07-27"),),
        names=("n8n cloud",),
        weak=("n8n",),
    ),
)

ACCESS = (
    Network(
        key="comcast",
        name="Comcast Xfinity (residential)",
        kind="isp",
        egress="25:blocked 465:open 587:open 2525:unnamed",
        scope="residential customers, since 2012",
        condition=_AT_HOME,
        lift="call its Security Assurance team",
        sources=(
            documented(
                "Comcast, port 25",
                "http://corporate.comcast.com/comcast-voices/updated-management-of-smtp-port-25",
                "2012-08-01",
            ),
        ),
        names=("comcast", "xfinity"),
    ),
    Network(
        key="verizon",
        name="Verizon (residential Fios and DSL)",
        kind="isp",
        egress="25:blocked 465:open 587:unnamed 2525:unnamed",
        scope="dynamic addresses, since 2009; Verizon's own relay stays reachable",
        condition="your line has a dynamic address",
        others_open=True,
        lift="a plan with a static address",
        sources=_VERIZON,
        names=("verizon", "fios", "verizon fios"),
    ),
    Network(
        key="att",
        name="AT&T Internet",
        kind="isp",
        egress="25:blocked 465:unnamed 587:unnamed 2525:unnamed",
        scope="residential customers",
        condition=_AT_HOME,
        lift="a call to support",
        sources=(_ISP_LIST,),
        names=("at&t", "att", "at&t internet", "uverse"),
    ),
    Network(
        key="spectrum",
        name="Charter Spectrum (Time Warner Cable)",
        kind="isp",
        egress="25:limited 465:unnamed 587:open 2525:unnamed",
        scope="a filter on the modem of customers who seem infected",
        lift="clean the machines",
        symptom="25 works towards the provider's own servers only",
        sources=(
            documented(
                "Time Warner Cable, outbound port 25",
                "https://www.timewarnercable.com/en/support/faqs/faqs-internet/e-mailacco/"
                "what-is-outbound-port-25-blocking.html",
                READ,
            ),
        ),
        names=("spectrum", "charter", "time warner", "twc", "time warner cable"),
    ),
    *(
        Network(
            key=key,
            name=name,
            kind="isp",
            egress=_ISP_EGRESS,
            scope="residential customers",
            condition=_AT_HOME,
            sources=(_ISP_LIST,),
            names=names,
        )
        for key, name, names in (
            ("cox", "Cox", ("cox", "cox cable")),
            ("earthlink", "EarthLink", ("earthlink",)),
            ("bellsouth", "BellSouth", ("bellsouth",)),
            ("msn", "MSN Internet access", ("msn dsl", "msn dial up", "msn internet")),
            ("telus", "Telus", ("telus",)),
            ("sympatico", "Bell Sympatico", ("sympatico", "bell canada")),
        )
    ),
    Network(
        key="broadway",
        name="Broadway Broadband (UK)",
        kind="isp",
        egress="25:blocked 465:open 587:open",
        scope="everybody",
        sources=(documented("Broadway, ports", "https://www.broadwaybroadband.co.uk/port-restrictions/", "2025"),),
        names=("broadway broadband", "broadway"),
    ),
    Network(
        key="residential",
        name="a residential ISP",
        kind="isp",
        egress=_ISP_EGRESS,
        scope="many home connections; your ISP's page has the last word",
        condition="your ISP blocks 25",
        sources=(_ISP_LIST,),
        names=(
            "isp",
            "home",
            "my isp",
            "residential",
            "home network",
            "home internet",
            "home connection",
            "broadband",
            "dsl",
            "casa",
            "mi casa",
            "mi proveedor de internet",
            "red domestica",
            "fibra",
            "conexion domestica",
        ),
    ),
    Network(
        key="wifi",
        name="public Wi-Fi",
        kind="access",
        egress="25:intercepted 465:unnamed 587:unnamed",
        scope="hotspots and hotels",
        lift="use 465 or 587",
        symptom="the greeting of another operator's server answers on 25",
        sources=(
            reported(
                "Donet, mail at Wi-Fi hotspots",
                "http://blog.donet.com/2009/06/22/email-unprivacy-at-wifi-hotspots/",
                "2009-06-22",
            ),
        ),
        names=(
            "wifi",
            "wi-fi",
            "public wifi",
            "hotel",
            "hotspot",
            "public wi-fi",
            "airport wifi",
            "cafe wifi",
            "wifi publica",
            "wifi publico",
        ),
    ),
    Network(
        key="vpn",
        name="a VPN",
        kind="access",
        egress="25:blocked 465:varies 587:varies 2525:varies",
        scope="some VPNs, which block 25 or let known relays through only",
        condition="your VPN blocks 25",
        sources=(reported("Seed4.me blog", "https://seed4.me/blog/tag/gmail", READ),),
        names=("vpn", "seed4.me"),
    ),
    Network(
        key="nym",
        name="Nym mixnet exits",
        kind="access",
        egress="25:unclear 465:varies 587:varies",
        scope="it depends on the hoster of the exit: 472 were probed",
        sources=(reported("Nym pull 6672", "https://github.com/nymtech/nym/pull/6672", "2026-04-15"),),
        names=("nym", "mixnet", "nymvpn"),
    ),
)

NETWORKS = (*CLOUDS, *HOSTERS, *PLATFORMS, *ACCESS)
