"""One place dishonest, restricted everywhere: an agency is restricted in its city and refused in the other ten.

Its running offer is voided, its shelf offers come down, and another agency of the same city is admitted everywhere,
so that it is the restriction that refuses and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from secrets import token_hex

from commons.codes import Uscc
from commons.instants import beijing_date
from commons.regions import REGIONS
from commons.verdicts import Reason, Refused
from marketplace.demo.callers import agency, granted, regulator, regulators
from marketplace.demo.posting import shelf_offer_of
from marketplace.demo.scenes.sealed import Sealed, enter, place
from marketplace.demo.stage import NONCE_BYTES, Played, Scene, Stage, TurnedAway
from marketplace.seed.plans import DemandDraft
from marketplace.seed.resolving import CALENDAR
from marketplace.usecases.put_shelf_offer import put_shelf_offer
from marketplace.usecases.restrict_agency import AgencyRestricted, RestrictAgency, restrict_agency

HOME = "330800"
BARRED = Sealed("91990008MA0000461U", 13_900_000, 18)
"""The best offer by far, until its bidder is restricted."""
NEIGHBOUR = "91990008MA000047XK"
"""Of the same city, not restricted: the control."""
OTHERS = (
    Sealed("91990001MA000004XL", 15_650_000, 22),
    Sealed("91990005MA00003064", 15_980_000, 20),
    Sealed("91990007MA0000445P", 15_200_000, 24),
)
UNQUALIFIED = "91990003MA0000162M"
"""Holds no certificate of the kind that the item legally asks for."""
BASIS = "出具虚假结论（示例）"
OPEN_PROFILE = "generic-v1"
"""The demands of the ten cities run on real working days and stay open after the demonstration."""


@dataclass(frozen=True, slots=True)
class CityRow:
    """A demand in another city: what the restricted agency and its neighbour were told (no reasons: admitted)."""

    city: str
    county: str
    barred: tuple[Reason, ...]
    neighbour: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Restricted:
    """The running selection it fell out of, the restriction, the ten cities, and what else was refused."""

    played: Played
    done: AgencyRestricted
    rows: tuple[CityRow, ...]
    other: tuple[TurnedAway, ...]


async def restricted(stage: Stage, draft: DemandDraft) -> Restricted:
    """一地失信、处处受限: the whole of it, while the selection in another city runs."""
    scene = await stage.open(draft)
    answer = await stage.sign_up(scene, UNQUALIFIED)
    codes = answer.codes if isinstance(answer, Refused) else ()
    stage.expect(codes == ("qualification_missing",), "没有资质的机构报名没有因资质被拒绝")
    everybody = (BARRED, *OTHERS)
    await enter(stage, scene, everybody)
    await place(stage, scene, everybody)
    command = RestrictAgency(agency=BARRED.agency, basis=BASIS, region=HOME, approvers=regulators(HOME))
    done = granted(await restrict_agency(stage.database, regulator(HOME), command), "限制")
    stage.expect(scene.selection in done.voided_in, "受限机构正在进行的报价没有失效")
    other = await _try_again(stage, scene)
    rows = tuple([await _in_city(stage, one) for one in city_drafts(stage, draft)])
    stage.expect(len(rows) == _OTHER_CITIES, f"其余城市只有 {len(rows)} 个")
    played = await stage.over(scene)
    decision = played.state.decision or {}
    stage.expect(decision.get("winner") in {one.agency for one in OTHERS}, "受限之后中选的不是其余报价机构之一")
    return Restricted(played, done, rows, other)


async def _try_again(stage: Stage, scene: Scene) -> tuple[TurnedAway, ...]:
    """A better offer in the running selection, and a new shelf offer: both refused."""
    before = len(scene.turned_away)
    answer = await stage.offer(scene, BARRED.agency, BARRED.price_fen - 100_000, BARRED.days)
    stage.expect(isinstance(answer, Refused), "受限机构的新报价被接收")
    refused = list(scene.turned_away[before:])
    del scene.turned_away[before:]
    shelf = stage.agencies[BARRED.agency].shelf[0]
    command = shelf_offer_of(BARRED.agency, shelf, nonce=token_hex(NONCE_BYTES))
    put = await put_shelf_offer(stage.database, agency(BARRED.agency), command)
    stage.expect(isinstance(put, Refused), "受限机构又上架了报价")
    if isinstance(put, Refused):
        refused.append(TurnedAway(BARRED.agency, "重新上架", put.reasons))
    return tuple(refused)


async def _in_city(stage: Stage, draft: DemandDraft) -> CityRow:
    """Post the city's demand; the restricted agency and its neighbour both sign up."""
    scene = await stage.open(draft, pace=CALENDAR, profile=OPEN_PROFILE)
    barred = await stage.sign_up(scene, BARRED.agency)
    neighbour = await stage.sign_up(scene, NEIGHBOUR)
    chain = REGIONS.chain(draft.region)
    stage.expect(
        isinstance(barred, Refused) and "restricted" in barred.codes, f"受限机构在{chain[1].name}报名被接受，或另有原因"
    )
    stage.expect(not isinstance(neighbour, Refused), f"同城的对照机构在{chain[1].name}报名被拒绝")
    return CityRow(chain[1].name, chain[2].name, _reasons(barred), _reasons(neighbour))


def _reasons(answer: object) -> tuple[Reason, ...]:
    return answer.reasons if isinstance(answer, Refused) else ()


_OTHER_CITIES = 10


def city_drafts(stage: Stage, like: DemandDraft) -> list[DemandDraft]:
    """A demand for the same item in the last county of every other city, each of an owner of that city."""
    today = beijing_date(stage.now())
    drafts: list[DemandDraft] = []
    for number, city in enumerate(REGIONS.cities(today), start=1):
        if city.code == HOME:
            continue
        county = REGIONS.counties(city.code, today)[-1]
        project = f"{county.name}便民服务中心（示例）"
        drafts.append(
            replace(
                like, key=f"C{number:02d}", project_code=f"2610-{county.code}-04-01-88{number:04d}",
                project_name=project, title=f"{project.removesuffix('（示例）')}可行性研究报告编制（示例）",
                owner_name=f"{county.name}项目服务中心（示例）",
                owner_uscc=Uscc.completed(f"119901{number:02d}MA00093{number:02d}").code, region=county.code,
                place=county.name,
            )
        )  # fmt: skip
    return drafts
