"""What people call a secret: passwords, tokens and keys in many languages and spellings, also misspelt.

`call_of` judges one name. A STRONG name holds a secret wherever it stands; a WEAK one (`pass`, `key`, `auth`) is an
ordinary word, too, so whoever asks has to look at what stands around it.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import product

STRONG, BOUND, WEAK = "strong", "bound", "weak"
"""BOUND is a strong word with another behind it (`password-file`, `token-ttl`): a setting that is about a secret."""

_ANYWHERE = (
    "password", "passwd", "passwort", "passphrase", "passcode", "passkey", "passord", "secret", "token", "apikey",
    "credential", "kennwort", "zugangsdaten", "contrasena", "contrasenya", "contrasinal", "motdepas", "wachtwoord",
    "losenord", "adgangskode", "salasana", "assword", "palavrapasse", "palavradepasse", "kodeord", "heslo", "katasandi",
    "wagwoord", "vachtvurt", "losungswort", "zugangscode", "zugangskennung", "zugangsschluessel", "zugangsschlussel",
    "identifiants", "credencia", "credenzial", "adgangsord", "losenkod", "tunnussana", "nokkelord", "accesskey",
    "masterkey", "authkey", "secretkey", "privatekey", "licensekey", "licencekey", "passfrase", "passsatz", "wachtzin",
    "contrasinha", "senhas",
    *(one + two for one in ("geheim", "code") for two in ("wort", "zahl", "kode")), "zugriffsschl", "zugriffscode",
    "palabraclave", "aksesskode", "toegangscode", "tilgangskode", "atkomstkod", "mnemonic", "schluesselwort",
)  # fmt: skip
"""What makes a secret of a name, wherever it stands among its letters."""


def _slips(word: str) -> Iterator[str]:
    """The word with two letters swapped, or one of the inner ones left out."""
    yield from (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    yield from (word[:at] + word[at + 1 :] for at in range(1, len(word) - 1))


_PARTS = frozenset((
    "pw", "pwd", "pwds", "pword", "psw", "pswd", "passw", "passwrd", "pswrd", "userpass", "userpwd", "mdp", "clave",
    "claves", "contra", "senha", "haslo", "parola", "parole", "parol", "jelszo", "sifre", "sifra", "lozinka", "geslo",
    "parool", "slaptazodis", "pasahitza", "jeton", "segredo", "secreto", "geheimnis", "sandi", "matkhau",
    "fjalekalim", "cyfrinair", "lykilord", "salasona", "losung", "creds", "jwt", "hexkey", "privkey", "secrt",
    "tocken", "psswd", "paswd", "pssword", "requirepass", "masterauth", "bindpw", "zaporka", "pasvorto", "nenosiri",
    "pasfhocal", "sceret", "geheim", "tok", "toks", "pwrd", "pssw", "pasw", "chiave", "chiavi", "nogle", "nokkel",
    "nyckel", "avain", "sleutel", "klucz", "klic", "kulcs", "kljuc", "cheie", "anahtar", "kennung", "zugang", "jelige",
    "raktas", "atslega", "lykill", "allwedd", "eochair", "giltza", "drowssap", "clau", "nywila", "hasla",
    *_slips("token"), *_slips("apikey"),
))  # fmt: skip
"""Whole parts of a name that do the same: `smtp-clave`, `SMTP_PWD`."""

_KEYS = (
    "api access private shared account signing encryption master auth service integration webhook storage admin license"
    " server wifi smtp hmac activation recovery hash secret session ssh licence"
)
_CODES = "access backup pin recovery unlock security verification auth secret"
_NOUNS = "code codigo codice clave chiave chave cle frase phrase palabra palavra parola mot datos dati llave"
_KINDS = "acces acceso accesso acesso secret secreto secreta segreto segreta paso passe pase"
_PHRASES = frozenset(
    {
        "pass word",
        "pass phrase",
        "pass code",
        "pass key",
        "palabra clave",
        "mat khau",
        "mat ma",
        "kata sandi",
        "one time",
    }
    | {
        "pass wort",
        "kenn wort",
        "kata laluan",
        "kelma sigrieta",
        "uneno siri",
        "neno siri",
        "seed phrase",
        "login data",
    }
    | {
        "recovery phrase",
        "secret phrase",
        "login details",
        "dane logowania",
        "clave acceso",
        "pin number",
        "serial number",
    }
    | {f"{kind} key" for kind in _KEYS.split()}
    | {f"{kind} {noun}" for kind in _CODES.split() for noun in ("code", "answer")}
    | {f"{noun} {kind}" for noun, kind in product(_NOUNS.split(), _KINDS.split())}
)
"""Names of two words; `de` and `d'` between them do not count, nor does the `s` of many."""

_OTHER_SCRIPTS = (
    "пароль", "парол", "лозинка", "секрет", "токен", "κωδικός", "συνθηματικό", "密码", "密碼", "口令", "密钥", "密鑰",
    "パスワード", "暗証番号", "비밀번호", "암호", "รหัสผ่าน", "पासवर्ड", "كلمة المرور", "كلمة السر", "סיסמה", "סיסמא",
    "رمز عبور", "گذرواژه", "پاس ورڈ", "гасло", "პაროლი", "գաղտնաբառ", "পাসওয়ার্ড", "கடவுச்சொல்", "رمز", "پاسورد", "پسورد",
    "كلمة سر", "ססמה", "ססמא", "पासकोड", "कूटशब्द", "गुप्तशब्द", "কূটশব্দ", "గుర్తుమాట", "పాస్‌వర్డ్", "ಗುಪ್ತಪದ", "ಪಾಸ್‌ವರ್ಡ್",
    "രഹസ്യവാക്ക്",
    "പാസ്‌വേഡ്", "પાસવર્ડ", "ਪਾਸਵਰਡ", "құпиясөз", "құпия", "сырсөз", "нууц үг", "таемны",
    "κλειδί", "μυστικό", "אסימון", "مفتاح", "توكن", "کلید", "توکن", "令牌", "秘钥", "金鑰", "私钥", "凭证", "憑證",
    "トークン", "秘密鍵", "合言葉", "認証情報", "토큰", "비번", "비밀키", "인증키", "โทเค็น", "กุญแจ", "ລະຫັດຜ່ານ",
    "ពាក្យសម្ងាត់", "စကားဝှက်", "මුරපදය",
    "የይለፍ ቃል",
)  # fmt: skip

_OTHER_WORDS = frozenset(("пас", "ключ", "ключі", "жетон", "кілт", "מפתח", "秘密", "暗証", "パス"))
"""Short ones, which are parts of other words, too: they count as whole words."""

_WEAK = frozenset((
    "pass", "passe", "pin", "key", "keys", "auth", "authorization", "api", "sig", "signature", "llave", "chave",
    "schlussel", "schluessel", "cle", "cookie", "sas", "otp", "seed", "webhook", "hook", "userpw", "bearer", "psk",
    "cred", "authentication", "authorisation", "salt", "code", "codigo", "kлюч", "community", "nonce", "license",
    "licence", "serial", "kod", "kode", "clef", "authentification", "autorization", "losen", "ww", "totp",
))  # fmt: skip

_TAILS = frozenset((
    "file", "files", "path", "dir", "url", "uri", "length", "len", "min", "max", "ttl", "expiry", "expires",
    "timeout", "lifetime", "method", "methods", "type", "policy", "format", "algorithm", "count", "id", "enabled",
    "required", "reset", "prompt", "field", "age", "endpoint", "server", "host", "port", "provider", "store",
    "manager", "size", "rotation", "domain", "realm", "failure", "rate", "results", "mechanism", "mechanisms",
    "version", "name", "list",
))  # fmt: skip
"""What stands behind such a word in the name of a setting that holds no secret itself."""

_ORDINARY = frozenset((
    "passport", "passports", "passed", "passes", "secretary", "secretariat", "tokenize", "tokenizer", "passwordless",
    "secretly", "tokenring", "public", "pub",
))  # fmt: skip
"""Words that only look like the name of a secret, and what says that a key is none."""

_MISSPELT = ("password", "passwort", "passwrd", "passphrase", "kennwort", "contrasena", "credentials", "secret")
_SWAPS = {6: 1, 7: 1}
"""Letters that may be wrong in a word of that length; two in longer ones."""

_LATIN = str.maketrans(
    "аеорсухѕіїјкмнтвԁһӏԛԝоαορνεικτυχωɑıłøđſðᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "aeopcyxsiijkmhtbdhlqwoaopveiktuxwailodsdabcdeghijklmnoprstuvwyz",
)
_LEET = str.maketrans("01345@$!", "oleasasi")
_ANY = re.compile("|".join(_ANYWHERE))
_RUN_TOGETHER = re.compile(
    r"(?:smtp|db|user|my|mail|auth|relay|sql|mysql|ftp|imap|pop|admin|root|sasl|web|ldap|proxy)(?:pass|pw|pwd|key)"
)
_HUMP = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PIECE = re.compile(r"[^\W\d_]+")
_CAPITALS = re.compile(r"[A-Z]{3,9}(?=[a-z]{3})")
_LAST_HUMP = re.compile(r"[A-Z]?[^\WA-Z]+\Z|[A-Z]+\Z")
_ENDINGS = r"e[ds]|ing|ive|ion|age|enger|port|through|es|words?|worts?|wd|codes?|phrases?|ary|ly|s"
_NEVER_GLUED = frozenset(("contra", "parole", "parola", "kennung", "sandi", "losung", "tokens", "passw"))
_GLUING = {*_ANYWHERE, *(part for part in _PARTS if len(part) > 4)} - _NEVER_GLUED
_GLUED = re.compile(
    rf"(?:{'|'.join(sorted(_GLUING, reverse=True))}|pass(?:word|wort|wd|code|phrase)?|pwd|mdp|pw)(?=[\w!$%&+-]{{3}})"
    rf"(?!(?:{_ENDINGS})\b|(?:n?ed|ing|word|wort|phrase|less|izer?)\b)"
)
SHORTEST, FARTHEST, LEAST = 6, 20, 3
"""Letters of a name to which something is glued, and of what is."""


def folded(name: str) -> str:
    """A name in small letters, without marks and invisible characters."""
    if name.isascii():
        return name.lower()
    spread = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in spread if unicodedata.category(sign) not in ("Mn", "Cf")).casefold()


def latin(name: str) -> str:
    """A folded name whose letters of other alphabets that look like Latin ones are those."""
    return folded(name).translate(_LATIN)


_FOLDED_SCRIPTS = tuple(folded(name) for name in _OTHER_SCRIPTS if " " not in name)
_FOLDED_WORDS = frozenset(map(folded, _OTHER_WORDS))
_ALL_PHRASES = _PHRASES | {latin(name) for name in _OTHER_SCRIPTS if " " in name}
_SPELLED_OUT = re.compile(r"[^\W\d_](?:[.-][^\W\d_]){2,20}")
_OF_SHELLS = re.compile(r"[A-Z][A-Z0-9]*_PASS|PASS")


LONGEST = 400
"""Letters of a name that are read, at both of its ends: nobody calls anything by more, and a paste may be one word."""


def call_of(name: str) -> str:
    """STRONG, BOUND or WEAK when a name says that a secret stands behind it, else ""."""
    if len(name) > LONGEST:
        name = f"{name[: LONGEST // 2]} {name[-LONGEST // 2 :]}"
    if not name.isascii() and _is_of_other_script(folded(name)):
        return STRONG
    if _OF_SHELLS.fullmatch(name):
        return STRONG  # POP3, and variables of shells
    pieces = _PIECE.findall(latin(_HUMP.sub("-", name)))
    if not pieces or not _ORDINARY.isdisjoint(pieces):
        return ""
    bound = len(pieces) > 1 and pieces[-1] in _TAILS
    if _is_strong(pieces) or (not name.isalpha() and _is_strong([latin(name).translate(_LEET)])):
        return BOUND if bound else STRONG
    return "" if bound or _WEAK.isdisjoint(pieces) else WEAK


def _is_of_other_script(name: str) -> bool:
    return name in _FOLDED_WORDS or any(other in name for other in _FOLDED_SCRIPTS)


def _is_strong(pieces: list[str]) -> bool:
    joined = "".join(pieces)
    return (
        _ANY.search(joined) is not None
        or not _PARTS.isdisjoint(pieces)
        or any(_RUN_TOGETHER.fullmatch(piece) or _is_misspelt(piece) for piece in pieces)
    )


def glued(name: str) -> int:
    """Where the name of a secret ends in a word that goes on without a blank, as Chinese and Japanese do; else 0."""
    if name.isascii():
        return 0
    return next((name.find(other) + len(other) for other in _OTHER_SCRIPTS if other in name), 0)


def end_of_name(word: str) -> int:
    """Where the name of a secret ends to which something is glued: `paswordX`, `pwdX`; else 0."""
    if end := glued(word):
        return end if end < len(word) else 0
    if prefix := _GLUED.match(latin(word)):
        return next(end for end in range(len(word) + 1) if len(latin(word[:end])) >= prefix.end())
    if (capitals := _CAPITALS.match(word)) and call_of(capitals[0]) and not call_of(word):
        return capitals.end()
    last = _LAST_HUMP.search(word)
    if last is None or call_of(last[0]) == STRONG:
        return 0
    ends = range(SHORTEST, min(len(word) - LEAST, FARTHEST) + 1)
    return next((end for end in reversed(ends) if call_of(word[:end]) == STRONG and word[:end] not in _NEVER_GLUED), 0)


def besides(name: str) -> list[str]:
    """The parts of a name beside those that make it that of a secret."""
    pieces = _PIECE.findall(latin(_HUMP.sub("-", name)))
    own = _PARTS | _WEAK
    left = [
        piece for piece in pieces if piece not in own and not _RUN_TOGETHER.fullmatch(piece) and not _is_misspelt(piece)
    ]
    return [part for piece in left for part in _ANY.split(piece) if part and part not in own]


def is_phrase(first: str, second: str) -> bool:
    """Whether two words together are the name of a secret: `api key`, `mot de passe`."""
    one, other = latin(first), latin(second)
    return not _ALL_PHRASES.isdisjoint((f"{one} {other}", f"{one} {other.removesuffix('s')}")) or (
        one != other and {one, other} <= _WEAK
    )


def is_spelled_out(name: str) -> bool:
    """`p.a.s.s.w.o.r.d`"""
    return _SPELLED_OUT.fullmatch(name) is not None


def before_at(name: str) -> int:
    """Where the name ends in `password@X`; 0 in what is none, an address or `p@ssword`."""
    head, sign, tail = name.partition("@")
    return len(head) if sign and tail and len(head) > 3 and "." not in tail and call_of(head) == STRONG else 0


def _is_misspelt(piece: str) -> bool:
    """Whether a word is one of the common names but for a letter or two."""
    if len(piece) < 6 or piece[0] not in "pkcs":
        return False
    from rapidfuzz.distance import OSA  # noqa: PLC0415  needed for odd names only, and costs 20 ms to import

    wrong = _SWAPS.get(len(piece), 2)
    return any(OSA.distance(piece, word, score_cutoff=wrong) <= wrong for word in _MISSPELT)
