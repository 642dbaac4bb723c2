"""The last days at the bank: a statement with a line that nobody can name, and a statement that is refused."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from bank import operations as bank
from bank.models import BankLine
from donors import operations as donors
from donors.models import Pledge
from ledger import chart, queries
from trustfund.core.money import Money
from trustfund.embedded.demonstration.stage import Stage, moment

IBAN: Final = "NL41MOCK0000000001"
CURRENCY: Final = "USD"
# Amount, the bank's reference, the other party, what it wrote.
Said = tuple[str, str, str, str]
UNNAMED: Final = "CB-77120"


def plan(stage: Stage) -> None:
    """Put the account, two statements and the unidentified line on the agenda."""
    last = stage.end.date()
    stage.plan(moment(last - timedelta(days=4), 8), partial(_open_account, stage))
    stage.plan(moment(last - timedelta(days=3), 18), partial(_first_statement, stage))
    stage.plan(moment(last - timedelta(days=2), 9), partial(_hold, stage))
    stage.plan(moment(last - timedelta(days=2), 18), partial(_second_statement, stage))


def _open_account(stage: Stage, at: datetime) -> None:
    bank.register_own_account(
        name="Operating account",
        number=IBAN,
        currency=CURRENCY,
        bank_name="Concord Bank",
        bic="MOCKNL2A",
        actor=stage.people["treasury"],
        at=at,
    )


def _first_statement(stage: Stage, at: datetime) -> None:
    pledge = Pledge.objects.filter(donor__name="Union of Caldor").order_by("reference").first()
    name = "" if pledge is None else pledge.reference
    lines: tuple[Said, ...] = (
        ("1000000.00", "CB-77119", "Treasury, Union of Caldor", f"Contribution {name}, first part"),
        ("48500.00", UNNAMED, "Collections desk 4", "Donation"),
        ("-35.00", "CB-77121", "Concord Bank", "Account fee"),
    )
    _bring(stage, "statement-1", lines, queries.balance_of(chart.CASH), at)


def _hold(stage: Stage, at: datetime) -> None:
    for line in BankLine.objects.filter(bank_reference=UNNAMED):
        donors.hold_unidentified(line_id=line.pk, actor=stage.people["secretariat"], at=at)


def _second_statement(stage: Stage, at: datetime) -> None:
    """Bring a statement that lacks an entry: its balances do not close."""
    lines: tuple[Said, ...] = (("250.00", "CB-77140", "Concord Bank", "Interest"),)
    _bring(stage, "statement-2", lines, Money.of("125000.00", CURRENCY), at, missing=Decimal("80.00"))


def _bring(
    stage: Stage, name: str, lines: tuple[Said, ...], opening: Money, at: datetime, *, missing: Decimal = Decimal(0)
) -> None:
    on = at.date().isoformat()
    closing = opening.amount + sum((Decimal(line[0]) for line in lines), missing)
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>{name}</MsgId><CreDtTm>{on}T18:00:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{name}</Id><CreDtTm>{on}T18:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>{CURRENCY}</Ccy></Acct>"
        f"{_balance('OPBD', opening.amount, on)}{_balance('CLBD', closing, on)}"
        f"{''.join(_entry(line, on) for line in lines)}</Stmt></BkToCstmrStmt></Document>"
    )
    bank.import_file(content=content.encode(), file_name=f"{name}.xml", actor=stage.people["secretariat"], at=at)


def _balance(code: str, amount: Decimal, on: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{CURRENCY}'>{amount}</Amt>"
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _entry(line: Said, on: str) -> str:
    amount, reference, party, text = line
    direction, other = ("DBIT", "Cdtr") if amount.startswith("-") else ("CRDT", "Dbtr")
    return (
        f"<Ntry><Amt Ccy='{CURRENCY}'>{amount.lstrip('-')}</Amt><CdtDbtInd>{direction}</CdtDbtInd>"
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>"
        f"<AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><{other}><Pty><Nm>{party}</Nm></Pty>"
        f"</{other}></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
