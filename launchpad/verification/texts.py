"""A token's metadata: who may change it, and whether the document is the one whose hash stands on chain. Pure."""

from hashlib import sha256

from launchpad.chain.inspecting import TokenFacts
from launchpad.media.links import digest_of, is_cid
from launchpad.verification.schemas import Fact, Finding
from launchpad.verification.wording import found, short

_NO_HASH = bytes(32)


def address_of_document(token: TokenFacts) -> str:
    """The address that the mint names, or Metaplex's program for it; empty where there is none."""
    return token.mint.uri or (token.listed.uri if token.listed else "")


def shown_name(token: TokenFacts) -> str:
    """What the token calls itself."""
    return token.mint.name or (token.listed.name if token.listed else "")


def texts(token: TokenFacts, body: bytes | None, cid: str | None) -> list[Finding]:
    """Findings about the metadata; `body` is what its address answered, None for nothing; `cid` what that names."""
    if not shown_name(token):
        return [found("info", "METADATA_NONE", token.mint.mint, "It carries no name of its own.")]
    return [_changeable(token), _document(token, body, cid)]


def _changeable(token: TokenFacts) -> Finding:
    if token.launch and token.launch.update_policy != "metaplex":
        return _by_record(token)
    place, authority = token.mint.mint, token.mint.update_authority
    if token.listed and not token.mint.name:
        place, authority = token.listed.account, token.listed.update_authority
    if authority is None:
        return found(
            "good", "METADATA_IMMUTABLE", place, "Nobody can change its name or picture.", update_authority=None
        )
    sentence = f"{short(authority)} can change its name and picture at any time."
    return found("warning", "METADATA_CHANGEABLE", place, sentence, update_authority=authority)


def _by_record(token: TokenFacts) -> Finding:
    assert token.launch  # noqa: S101 - the caller looked
    policy, authority = token.launch.update_policy, token.launch.update_authority
    facts: dict[str, Fact] = {"policy": policy, "update_authority": authority}
    if authority is None:
        sentence = "Nobody can change its name or picture: that was decided at the launch."
        return found("good", "METADATA_IMMUTABLE", token.launch_record, sentence, **facts)
    sentence = (
        f"{short(authority)} can change its name and picture; each change is an event on chain with the new hash."
    )
    return found("info", "METADATA_CHANGEABLE_ON_RECORD", token.launch_record, sentence, **facts)


def _document(token: TokenFacts, body: bytes | None, cid: str | None) -> Finding:
    uri = address_of_document(token)
    place = token.launch_record if token.launch else token.mint.mint
    if not uri:
        return found("info", "DOCUMENT_NONE", place, "It names no document with a picture and links.", uri="")
    promised = token.launch.metadata_hash if token.launch else _NO_HASH
    promised = promised if promised != _NO_HASH else (digest_of(cid) or _NO_HASH if cid else _NO_HASH)
    if body is None:
        sentence = "Its document cannot be fetched now, so it could not be compared."
        return found("warning", "DOCUMENT_UNAVAILABLE", place, sentence, uri=uri)
    facts: dict[str, Fact] = {"uri": uri, "document_hash": sha256(body).hexdigest()}
    if promised == _NO_HASH:
        told = "its address is that of its content" if cid and is_cid(cid) else "whoever hosts it can change it unseen"
        return found("info", "DOCUMENT_UNSIGNED", place, f"No hash of its document stands on chain; {told}.", **facts)
    facts["recorded_hash"] = promised.hex()
    if sha256(body).digest() == promised:
        sentence = "Its document is exactly the one whose hash stands on chain."
        return found("good", "DOCUMENT_MATCHES", place, sentence, **facts)
    sentence = "Its document is not the one whose hash stands on chain: somebody changed it."
    return found("danger", "DOCUMENT_ALTERED", place, sentence, **facts)
