"""Files that come to Slack: several at once, archives, and what is asked about them afterwards."""

import io
import json
import tarfile
import zipfile

import pytest

from commands.contract import Attachment, Modal, UserError
from commands.pmta.handler import COMMAND
from commands.pmta.reading import Together, read
from commands.pmta.sent import archive
from commands.pmta.sent.archive import opened
from tests.pmta.test_handler import SECRET, Services, pressed, request, run, words

MAIN = "include /etc/pmta/conf.d/*.conf\n<domain *>\n max-smtp-out 20\n</domain>\n"
RELAY = "<source 0/0>\n always-allow-relaying yes\n default-virtual-mta mta1\n</source>\n"
GMAIL = f"<domain gmail.com>\n max-smtp-out 2\n auth-password {SECRET}\n smtp-hosts [192.0.2.7]:25\n</domain>\n"
MTA = f"<virtual-mta mta1>\n{GMAIL}</virtual-mta>\n"
LONG = "smtp-port 25\n#" + "x" * 6_000_000
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----\n"
FOLDER = {"pmta/config": MAIN, "pmta/conf.d/a.conf": RELAY, "pmta/conf.d/b.conf": MTA}


def attached(**texts):
    return tuple(Attachment(name.replace("_", "."), text.encode()) for name, text in texts.items())


def zipped(files, **options):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in files.items():
            member = zipfile.ZipInfo(name)
            member.external_attr = options.get("mode", 0o100644) << 16
            pack.writestr(member, text, zipfile.ZIP_DEFLATED)
    return Attachment("pmta.zip", made.getvalue())


def tarred(files, mode="w:gz", **more):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as pack:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            for field, value in more.items():
                setattr(member, field, value)
            pack.addfile(member, io.BytesIO(text.encode()))
    return Attachment("pmta.tgz", made.getvalue())


def left(given):
    return [(one.name, one.why) for one in read(given).origin.unread]


@pytest.mark.parametrize(
    "given",
    [
        zipped(FOLDER),
        tarred(FOLDER),
        tarred(FOLDER, "w:bz2"),
        tarred(FOLDER, "w:xz"),
        tarred(FOLDER, "w"),
        Together(attached(config=MAIN, a_conf=RELAY, b_conf=MTA)),
        Together((*attached(config=MAIN), zipped({name: FOLDER[name] for name in list(FOLDER)[1:]}))),
    ],
    ids=["zip", "gz", "bz2", "xz", "tar", "files", "both"],
)
def test_what_includes_name_is_found_among_what_was_sent(given):
    made = read(given)
    assert [name.rpartition("/")[2] for name in made.origin.files] == ["config", "a.conf", "b.conf"]
    assert made.origin.unread == ()
    assert made.origin.is_complete


def test_a_config_alone_says_what_it_includes_and_nothing_outside_is_looked_for():
    assert left(Attachment("config", b"include /etc/hosts\ninclude ../../x\nsmtp-port 25\n")) == [
        ("/etc/hosts", "it was not sent along"),
        ("../../x", "it was not sent along"),
    ]
    given = zipped({"config": "include notes\nsmtp-port 25\n", "notes": f"{SECRET}\nHello\n", "s1.pem": PEM})
    assert {why for _, why in left(given)} == {"it is no PowerMTA configuration", "it was not sent along"}
    assert SECRET not in read(given).text


def test_an_archive_begins_at_config_and_what_nothing_includes_is_named():
    given = zipped({**FOLDER, "pmta/old.bak": RELAY, "pmta/sub/config": RELAY})
    made = read(given)
    assert made.origin.files == tuple(FOLDER)
    assert left(given) == [(name, "nothing that was read includes it") for name in ("pmta/old.bak", "pmta/sub/config")]
    assert len(read(zipped({"a.conf": RELAY, "b.conf": MTA})).origin.files) == 2


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (zipped({"config": "smtp-port 25\n", "../../etc/x": RELAY}), archive.OUTSIDE),
        (tarred({"config": "smtp-port 25\n", "/a/../../x": RELAY}), archive.OUTSIDE),
        (zipped({"x": "/etc/passwd", "config": "smtp-port 25\n"}, mode=0o120777), archive.LINK),
        (tarred({"x": ""}, type=tarfile.SYMTYPE, linkname="/etc/passwd"), archive.LINK),
        (tarred({"x": ""}, type=tarfile.CHRTYPE), archive.LINK),
    ],
)
def test_links_devices_and_paths_that_lead_out_are_left_alone(given, why):
    files, unread = opened(given.content)
    assert why in [one.why for one in unread]
    assert "x" not in [one.name for one in files]


def test_an_archive_in_an_archive_is_not_opened():
    inner = zipped(FOLDER).content
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as pack:
        pack.writestr("inner.zip", inner)
    assert [one.why for one in opened(made.getvalue())[1]] == [archive.NESTED]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (zipped({"config": "#" * 11_000_000}), "larger than 10 MB when it is unpacked"),
        (zipped({f"{n}": "#" * 3_000_000 for n in range(4)}), "larger than 10 MB when it is unpacked"),
        (tarred({"config": "#" * 25_000_000}), "larger than 10 MB when it is unpacked"),
        (zipped({f"{n}": "" for n in range(2001)}), "more than 2,000 files"),
        (Attachment("x.zip", zipped(FOLDER).content[:200]), "cannot be read"),
        (Attachment("x.tgz", tarred(FOLDER).content[:60]), "cannot be read"),
        (zipped({"logo.png": "\0"}), "There is no PowerMTA setting in these files"),
        (Together(attached(a=LONG, b=LONG)), "10 MB together"),
    ],
)  # fmt: skip
def test_what_is_too_much_or_damaged_is_an_error(given, says):
    with pytest.raises(UserError) as caught:
        read(given)
    assert says in caught.value.message


async def test_the_answer_names_files_and_its_buttons_ask_for_queues_and_relays():
    services = Services()
    services.ports = (25, 587)
    asked = request(surface="modal", attachments=(zipped(FOLDER),))
    answer = await run(COMMAND.forms["check"], asked, services)
    assert "pmta/conf.d/a.conf:2" in answer.text
    assert "pmta.fixed" not in words(answer)

    form = await run(COMMAND.actions["queue"].handle, request(value=pressed(answer, "queue")), services)
    assert isinstance(form, Modal)
    filled = request(form={"domain": "gmail.com", "mta": "mta1"}, private=form.private)
    told = await run(COMMAND.forms["queue"], filled, services)
    assert "max-smtp-out" in words(told)
    assert "(pmta/conf.d/b.conf:3, <domain gmail.com> in <virtual-mta mta1>)" in words(told)
    assert SECRET not in words(told) + words(answer)

    offered = await run(COMMAND.actions["relays"].handle, request(value=pressed(answer, "relays")), services)
    assert '"smtpcheck.check"' in json.dumps(offered.blocks)
    assert '"192.0.2.7 25"' in json.dumps(offered.blocks)


async def test_two_files_are_compared_where_that_is_asked():
    files = attached(old_conf=RELAY.replace("</source>", "require-auth yes\n</source>"), new_conf=RELAY)
    for asked, handle in (
        (request("diff", attachments=files), COMMAND.handle),
        (request(form={"part": "diff"}, attachments=files), COMMAND.forms["check"]),
    ):
        reply = await run(handle, asked)
        assert reply.text.startswith("What is different: 1 thing opens")
    with pytest.raises(UserError, match="Two files are compared"):
        await run(COMMAND.forms["check"], request(form={"part": "diff"}, attachments=(*files, *files)))


def test_what_is_kept_for_questions_has_as_many_lines_as_the_text():
    from commands.pmta.masking import Mask  # noqa: PLC0415

    text = f"# a\n{PEM}smtp-port 25\n"
    covered = Mask(text).starred_lines()
    assert covered.count("\n") == text.count("\n")
    assert covered.splitlines()[-1] == "smtp-port 25"
    assert SECRET not in covered
