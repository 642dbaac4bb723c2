"""The fund's bank for tests: an own account, and statements as a bank writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from bank import operations
from bank.models import BankFile, BankLine, OwnAccount
from donors import operations as donors
from donors.models import Match, Pledge, Unidentified
from tests import donor_worlds, people
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

IBAN = "NL41MOCK0000000001"
FUNDS_BANK = "Concord Bank"
_numbers = count(1)
_CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"


@dataclass(frozen=True, kw_only=True)
class Said:
    """One entry as the bank tells it: what came in is positive."""

    amount: str
    reference: str = ""
    end_to_end: str = ""
    party: str = "Treasury of Valdria"
    party_account: str = "CH9300762011623852957"
    text: str = ""
    on: str = ""
    returned: str = ""


def _person(role: RoleName, email: str, name: str) -> User:
    found = User.objects.filter(email=email).first()
    return found or people.someone(role, name=name, email=email)


def treasurer() -> User:
    """Return the treasury officer who registers the fund's accounts."""
    return _person(RoleName.TREASURY_OFFICER, "treasurer@bank.example", "Bank Officer")


def officer() -> User:
    """Return the person of the secretariat who brings in files."""
    return _person(RoleName.SECRETARIAT, "files@bank.example", "Files Officer")


def an_account(number: str = IBAN, currency: str = "USD", *, name: str = "Operating account") -> OwnAccount:
    """Register a bank account of the fund."""
    return operations.register_own_account(
        name=name,
        number=number,
        currency=currency,
        bank_name=FUNDS_BANK,
        bic="MOCKNL2A",
        actor=treasurer(),
        at=people.NOON,
    )


def _balance(code: str, amount: Decimal, currency: str, on: str) -> str:
    direction = "CRDT" if amount >= 0 else "DBIT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{abs(amount)}</Amt>"
        f"<CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _entry(said: Said, currency: str, on: str, version: str) -> str:
    amount = Decimal(said.amount)
    direction, other = ("CRDT", "Dbtr") if amount >= 0 else ("DBIT", "Cdtr")
    status = "<Sts><Cd>BOOK</Cd></Sts>" if int(version) >= 8 else "<Sts>BOOK</Sts>"
    name = f"<Pty><Nm>{said.party}</Nm></Pty>" if int(version) >= 8 else f"<Nm>{said.party}</Nm>"
    reference = f"<AcctSvcrRef>{said.reference}</AcctSvcrRef>" if said.reference else ""
    returned = f"<RtrInf><Rsn><Cd>{said.returned}</Cd></Rsn></RtrInf>" if said.returned else ""
    return (
        f"<Ntry><Amt Ccy='{currency}'>{abs(amount)}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{status}"
        f"<BookgDt><Dt>{said.on or on}</Dt></BookgDt><ValDt><Dt>{said.on or on}</Dt></ValDt>{reference}"
        f"<BkTxCd><Prtry><Cd>544</Cd></Prtry></BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{said.end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs>"
        f"<RltdPties><{other}>{name}</{other}><{other}Acct><Id><IBAN>{said.party_account}</IBAN></Id></{other}Acct>"
        f"</RltdPties><RmtInf><Ustrd>{said.text}</Ustrd></RmtInf>{returned}</TxDtls></NtryDtls></Ntry>"
    )


def a_statement(
    *lines: Said,
    opening: str = "0.00",
    closing: str | None = None,
    on: str = "2026-07-16",
    opens_on: str = "",
    account: str = IBAN,
    currency: str = "USD",
    version: str = "08",
    name: str = "",
) -> bytes:
    """Return a camt.053 that closes, unless told to close otherwise."""
    number = name or f"S-{next(_numbers):06d}"
    end = Decimal(closing) if closing is not None else Decimal(opening) + sum(Decimal(line.amount) for line in lines)
    body = "".join(_entry(line, currency, on, version) for line in lines)
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><Document xmlns='{_CAMT.format(kind='053', version=version)}'>"
        f"<BkToCstmrStmt><GrpHdr><MsgId>{number}</MsgId><CreDtTm>{on}T23:00:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{number}</Id><CreDtTm>{on}T23:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"{_balance('OPBD', Decimal(opening), currency, opens_on or on)}{_balance('CLBD', end, currency, on)}"
        f"{body}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def a_notice(
    *lines: Said, on: str = "2026-07-16", account: str = IBAN, currency: str = "USD", version: str = "08"
) -> bytes:
    """Return a camt.054: entries without balances."""
    number = f"N-{next(_numbers):06d}"
    body = "".join(_entry(line, currency, on, version) for line in lines)
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><Document xmlns='{_CAMT.format(kind='054', version=version)}'>"
        f"<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>{number}</MsgId><CreDtTm>{on}T23:00:00</CreDtTm></GrpHdr>"
        f"<Ntfctn><Id>{number}</Id><CreDtTm>{on}T23:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>{body}</Ntfctn>"
        f"</BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()


def bring(content: bytes, *, actor: User | None = None) -> BankFile:
    """Bring in a file."""
    return operations.import_file(content=content, file_name="bank.xml", actor=actor or officer(), at=people.NOON)


def lines_in(*said: Said, opening: str = "0.00", currency: str = "USD", on: str = "2026-07-16") -> Sequence[BankLine]:
    """Bring in a statement of an account that is registered if it is not, and return its lines in their order."""
    if not OwnAccount.objects.filter(number=IBAN, currency=currency).exists():
        an_account(currency=currency)
    file = bring(a_statement(*said, opening=opening, currency=currency, on=on))
    assert file.fate == "imported", file.reason
    found = BankLine.objects.filter(brought_by__file=file)
    return sorted(found, key=lambda line: int(line.reference.rpartition("/")[2]))


def a_credit(amount: str = "1000000.00", *, currency: str = "USD", on: str = "2026-07-16", **said: str) -> BankLine:
    """Bring in a statement with one line of money that came in."""
    number = next(_numbers)
    (line,) = lines_in(
        Said(amount=amount, reference=said.pop("reference", f"BANK-{number:06d}"), **said), currency=currency, on=on
    )
    return line


@dataclass(frozen=True)
class Desk:
    """What lies on the receipts desk: a line that waits, one that went out, and money held with a match proposed."""

    waiting: BankLine
    went_out: BankLine
    held: Unidentified
    match: Match


def a_desk(pledge: Pledge, *, step: int = 1, on: str = "2026-07-16") -> Desk:
    """Bring in a day of three lines, hold one of them as unidentified, and propose whose it is."""
    if not OwnAccount.objects.exists():
        an_account()
    opening = (step - 1) * 250
    waiting, unknown, went_out = lines_in(
        Said(amount="100.00", reference=f"IN-{step}", text=f"First part of {pledge.reference}"),
        Said(amount="200.00", reference=f"UN-{step}", party="Unknown", party_account="", text="Payment"),
        Said(amount="-50.00", reference=f"OUT-{step}"),
        opening=f"{opening}.00",
        on=on,
    )
    secretariat = donor_worlds.secretariat()
    held = donors.hold_unidentified(line_id=unknown.pk, actor=secretariat, at=people.NOON)
    match = donors.propose_match(
        pledge_id=pledge.pk,
        held_id=held.pk,
        received=held.amount,
        settles=Money.of("1.00", pledge.currency),
        grounds="The donor's letter.",
        actor=secretariat,
        at=people.NOON,
    )
    return Desk(waiting=waiting, went_out=went_out, held=held, match=match)
