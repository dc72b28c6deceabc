"""What somebody may still do to every holder of a token: authorities and extensions of its mint. Pure."""

from collections.abc import Callable

from launchpad.chain.extensions import Extension
from launchpad.chain.inspecting import TokenFacts
from launchpad.verification.schemas import Fact, Finding, Severity
from launchpad.verification.wording import amount, found, percent, short

# Neither takes, taxes, blocks nor changes anything.
_HARMLESS = frozenset({18, 19, 20, 21, 22, 23})
_CONFIDENTIAL = frozenset({4, 16, 24})

Judge = Callable[[str, Extension], Finding | None]


def powers(token: TokenFacts) -> list[Finding]:
    """Findings about mint authority, freeze authority and extensions."""
    return [_minting(token), _freezing(token), *_extensions(token)]


def _minting(token: TokenFacts) -> Finding:
    mint, holder = token.mint.mint, token.mint.mint_authority
    if holder is None:
        return found("good", "MINT_AUTHORITY_NONE", mint, "Nobody can make more of this token.", mint_authority=None)
    if token.launch is None or holder != token.launch_record:
        sentence = f"{short(holder)} can make any number of new tokens at any time, and so dilute every holder."
        return found("danger", "MINT_AUTHORITY_HELD", mint, sentence, mint_authority=holder)
    record, most = token.launch, token.launch.mint_cap
    if record.supply_mode != "mintable" or record.mint_authority is None:
        sentence = "The launch program keeps the mint authority, and by this token's rules never makes more."
        return found("good", "MINT_AUTHORITY_BOUND", token.launch_record, sentence, mint_authority=holder)
    sentence = (
        f"{short(record.mint_authority)} may make more, up to {amount(most, token.mint.decimals)} in all: "
        "the launch program holds him to that."
    )
    facts: dict[str, Fact] = {"authority": record.mint_authority, "cap": str(most), "minted": str(record.minted)}
    return found("warning", "MINT_AUTHORITY_CAPPED", token.launch_record, sentence, **facts)


def _freezing(token: TokenFacts) -> Finding:
    mint, holder = token.mint.mint, token.mint.freeze_authority
    if holder is None:
        return found("good", "FREEZE_AUTHORITY_NONE", mint, "Nobody can freeze what you hold.", freeze_authority=None)
    sentence = f"{short(holder)} can freeze any holder's tokens, so that they cannot be sold or sent."
    return found("danger", "FREEZE_AUTHORITY_HELD", mint, sentence, freeze_authority=holder)


def _extensions(token: TokenFacts) -> list[Finding]:
    mint = token.mint.mint
    judged = [
        one for extension in token.extensions if (one := _JUDGES.get(extension.number, _unknown)(mint, extension))
    ]
    if all(one.severity == "info" for one in judged):
        names = ", ".join(extension.name for extension in token.extensions) or "none"
        sentence = "It carries no extension that can take, tax, block or change what you hold."
        judged.insert(0, found("good", "EXTENSIONS_HARMLESS", mint, sentence, extensions=names))
    return judged


def _fee(mint: str, extension: Extension) -> Finding:
    authority = extension.key()
    raised = f", and {short(authority)} can raise that" if authority else ", which nobody can change"
    sentence = f"Every transfer loses {percent(extension.fee_bps)} to a fee{raised}."
    severity: Severity = "danger" if authority else "warning"
    return found(severity, "TRANSFER_FEE", mint, sentence, fee_bps=extension.fee_bps, authority=authority)


def _delegate(mint: str, extension: Extension) -> Finding | None:
    if not (holder := extension.key()):
        return None
    sentence = f"{short(holder)} is permanent delegate: he can take or burn any holder's tokens."
    return found("danger", "PERMANENT_DELEGATE", mint, sentence, delegate=holder)


def _hook(mint: str, extension: Extension) -> Finding | None:
    authority, program = extension.key(0), extension.key(1)
    if program:
        sentence = (
            f"Each transfer asks the program {short(program)}, which can refuse it: selling may become impossible."
        )
        return found("danger", "TRANSFER_HOOK", mint, sentence, program=program, authority=authority)
    if authority:
        sentence = f"{short(authority)} can set a program that is asked about each transfer and can refuse it."
        return found("warning", "TRANSFER_HOOK_POSSIBLE", mint, sentence, program=None, authority=authority)
    return None


def _default_state(mint: str, extension: Extension) -> Finding | None:
    if not extension.freezes_by_default:
        return None
    sentence = "New accounts of this token are frozen until its authority lets them move."
    return found("danger", "FROZEN_BY_DEFAULT", mint, sentence, default_state="frozen")


def _immovable(mint: str, _: Extension) -> Finding:
    return found(
        "danger", "NON_TRANSFERABLE", mint, "This token cannot be sent to anybody, nor sold.", transferable=False
    )


def _pause(mint: str, extension: Extension) -> Finding | None:
    if not (authority := extension.key()):
        return None
    now = "Nothing of it moves now: it is paused" if extension.paused else "All transfers can be stopped at once"
    sentence = f"{now}, by {short(authority)}."
    return found("danger", "PAUSABLE", mint, sentence, authority=authority, paused=extension.paused)


def _closing(mint: str, extension: Extension) -> Finding | None:
    if not (authority := extension.key()):
        return None
    sentence = f"{short(authority)} can close this mint once nobody holds any, and make another at the same address."
    return found("info", "CLOSE_AUTHORITY", mint, sentence, authority=authority)


def _display(mint: str, extension: Extension) -> Finding:
    sentence = f"What wallets show as your balance is computed ({extension.name}) and can drift from what you hold."
    return found(
        "warning", "DISPLAYED_AMOUNT_CHANGES", mint, sentence, extension=extension.name, authority=extension.key()
    )


def _confidential(mint: str, extension: Extension) -> Finding:
    sentence = "Balances of this token can be hidden, so holders and amounts cannot be told in full."
    return found("info", "CONFIDENTIAL_AMOUNTS", mint, sentence, extension=extension.name)


def _unknown(mint: str, extension: Extension) -> Finding:
    sentence = f"It carries {extension.name}, which this check does not know: treat it with care."
    return found("warning", "EXTENSION_UNKNOWN", mint, sentence, extension=extension.number)


def _nothing(_: str, __: Extension) -> None:
    return None


_JUDGES: dict[int, Judge] = {
    1: _fee,
    3: _closing,
    6: _default_state,
    9: _immovable,
    10: _display,
    12: _delegate,
    14: _hook,
    25: _display,
    26: _pause,
    **dict.fromkeys(_CONFIDENTIAL, _confidential),
    **dict.fromkeys(_HARMLESS, _nothing),
}
