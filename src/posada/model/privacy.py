"""Where data about an individual person shows: column names, and texts with numbers that identify.

Posada holds counts only. What looks like personal data is refused, and never repeated: not in a message, not
in a file. The patterns prefer to let a doubtful number pass (``1200-1500`` may be a range or a telephone
number) rather than to refuse honest counts; they are a net under the people who prepare a scenario, not a
substitute for their care.
"""

from __future__ import annotations

import re
import unicodedata

_WORDS = frozenset(
    {
        "address", "addresses", "age", "alien", "apellido", "apellidos", "biometric", "biometrics",
        "birth", "birthdate", "birthday", "birthplace", "cedula", "cellphone", "celular", "contact",
        "contacto", "contacts", "correo", "curp", "diagnosis", "direccion", "dni", "dob",
        "document", "documento", "documentos", "documents", "domicilio", "edad", "email", "emails",
        "ethnicity", "face", "fax", "fingerprint", "fingerprints", "firma", "firstname", "forename",
        "foto", "fotografia", "fullname", "gender", "genero", "givenname", "huella", "huellas",
        "iris", "lastname", "maiden", "mail", "mobile", "nacimiento", "nacionalidad", "nationality",
        "pasaporte", "passport", "passports", "phone", "phones", "photo", "photograph", "portrait",
        "religion", "rfc", "sex", "sexo", "signature", "ssn", "surname", "telefono", "telefonos",
        "telephone", "visa", "whatsapp",
    }
)  # fmt: skip
_PHRASES = (
    "first name", "last name", "full name", "given name", "family name", "person name", "name of person",
    "id number", "national id", "person id", "case number", "e mail", "nombre completo",
)  # fmt: skip

_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,}")
_ADDRESS_OF_A_PAGE = re.compile(r"(?:https?://|www\.|doi:)\S+", re.IGNORECASE)
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{4}\b")
_DECIMAL = r"\d+[.]\d+(?![\d. -])"
_SEP = r"[ .()\u00a0-]{0,2}"
_PHONES = (
    # With the prefix of a country: eight to fifteen digits after the plus sign.
    re.compile(rf"(?<![\w.,+])(?:\+|00)(?!{_DECIMAL})[1-9](?:{_SEP}\d){{7,14}}(?!\d)"),
    # Ten digits as they are written in Mexico and the United States: 961 123 4567, (55) 1234-5678.
    re.compile(r"(?<![\w.,+-])\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}(?![\w,]|[.-]\d)"),
    re.compile(r"(?<![\w.,+-])\(?\d{2}\)?[ .-]{1,2}\d{4}[ .-]\d{4}(?![\w,]|[.-]\d)"),
    re.compile(r"(?<![\w.,+-])\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{2}[ .-]\d{2}(?![\w,]|[.-]\d)"),
    # In one piece: longer than any count of people, shorter than the numbers of documents in an archive.
    re.compile(r"(?<![\w.,+/-])\d{10,13}(?![\w,/]|[.-]\d)"),
)  # fmt: skip
_PHONE_WORD = re.compile(
    rf"\b(?:tel|telf|telefono|telephone|phone|mobile|movil|cel|celular|whatsapp|sms)\b[^\d\n]{{0,15}}\d(?:{_SEP}\d){{6,14}}(?!\d)"
)
_IDENTITY = (
    re.compile(r"\b[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d\b"),
    re.compile(r"\b[A-Z]{3,4}\d{6}[A-Z0-9]{3}\b"),
    re.compile(r"(?<![\w-])\d{4}[ -]\d{4}[ -]\d{5}(?![\w-])"),
    re.compile(r"(?<![\w-])\d{4}[ -]\d{5}[ -]\d{4}(?![\w-])"),
    re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"),
)
_DOCUMENTS = (
    "passports?|pasaportes?|curp|rfc|dni|cui|dpi|dui|cedula|expediente|alien|ssn|identidad|"
    "national id|id card|id number|document number|numero de documento"
)
_IDENTITY_WORD = re.compile(rf"\b(?:{_DOCUMENTS})\b[^\d\n]{{0,12}}?(?<!\d)[a-z]{{0,2}}\d(?:[ .-]?\d){{5,14}}(?!\d)")


def _fold(text: str) -> str:
    """Return small letters without accents."""
    split = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def is_personal_column(header: str) -> bool:
    """Tell whether the name of a column or key looks like data about an individual person."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    words = re.sub(r"[^a-z0-9]+", " ", _fold(spaced)).split()
    joined = " ".join(words)
    return any(word.rstrip("0123456789") in _WORDS for word in words) or any(
        re.search(rf"\b{phrase}\b", joined) for phrase in _PHRASES
    )


def personal_data_in(text: str) -> str:
    """Say what kind of personal data a text seems to hold, without repeating it; empty when none.

    Years, days, ranges, figures with thousands separators and addresses of pages are no personal data.
    """
    if _EMAIL.search(text):
        return "an e-mail address"
    plain = _DAY.sub(" ", _ADDRESS_OF_A_PAGE.sub(" ", text))
    if sum(letter.isdigit() for letter in plain) < 6:
        return ""
    folded = _fold(plain)
    if any(pattern.search(plain) for pattern in _IDENTITY) or _IDENTITY_WORD.search(folded):
        return "the number of an identity document"
    if any(pattern.search(plain) for pattern in _PHONES) or _PHONE_WORD.search(folded):
        return "a telephone number"
    return ""
