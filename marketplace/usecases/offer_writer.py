"""The writer of offers of this process: what queued while the last commit ran is decided in one transaction.

Invariants: an offer is answered after its commit only; the offers of a selection are decided in the order in which they
came, never by two batches at once; what is wrong with one request is told to it alone; a request that was given up by
its sender while it waited is not decided, one that is being decided is decided whatever becomes of its sender; after a
COMMIT whose outcome is not known a request with a key is decided again under it, one without hears so.
Source: performance.md, docs/adr/0017.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field

from commons.errors import MarketplaceError, Unavailable
from commons.verdicts import Refused
from marketplace.database import Connection, Database, OutcomeUnknown
from marketplace.usecases.act import Caller
from marketplace.usecases.kept_answers import claim_of
from marketplace.usecases.offer_batch import Answer, Carried, Placing, Sheet, carry
from marketplace.usecases.offer_desk import Desk
from marketplace.usecases.offer_messages import OfferPlaced, PlaceOffer
from marketplace.usecases.offer_reading import read_far

MAX_WAITING = 2_000
"""Offers of one selection that wait at most; the next one hears Unavailable, to come back in a moment."""
MAX_BATCH = 200
"""Offers of one selection in one transaction."""
MAX_TOGETHER = 64
"""Selections in one transaction."""
MAX_ALONE = 4
"""Selections that wait for their row, are read whole or are settled at the same time, each in its own transaction."""
ALONE_FOR = 16
"""Batches that a selection is decided alone after its row was found held by somebody else."""
MAX_DESKS = 1_000
"""Selections whose desks are kept while nobody offers; the longest unused goes first."""
IDLE = 600.0
"""Seconds after which the desk of a selection in which nobody offers is dropped."""
ASKED_AGAIN = 3
"""Times that a request whose outcome is not known is decided again under its key."""
ENDING = 10.0
"""Seconds that batches under way have when the writer ends."""


@dataclass(slots=True, eq=False)
class Request:
    """One offer that waits for its answer, with those that asked the very same under the same key meanwhile."""

    placing: Placing
    answer: asyncio.Future[OfferPlaced | Refused]
    context: Context
    same: list[Request] = field(default_factory=list)
    is_alone: bool = False
    unknown: int = 0

    @property
    def is_given_up(self) -> bool:
        """Whether nobody waits for it any more and nothing of it can have been done."""
        return not self.unknown and self.answer.done() and all(one.answer.done() for one in self.same)

    def everyone(self) -> Iterable[Request]:
        """This one and whoever asked the same."""
        return (self, *self.same)


@dataclass(slots=True)
class Queue:
    """The offers of one selection: those that wait, whether some are being decided, the desk they are judged on.

    ``alone_for`` batches to come are not put together with others: the row was found held by somebody else.
    """

    selection: str
    waiting: deque[Request] = field(default_factory=deque)
    desk: Desk | None = None
    is_busy: bool = False
    alone_for: int = 0
    used_at: float = 0.0

    @property
    def is_alone(self) -> bool:
        """Whether the next batch may have to wait, to read the record whole or to settle."""
        return self.desk is None or self.alone_for > 0

    def take(self) -> list[Request]:
        """The next ones to be decided together: never two different requests under one key."""
        taken: list[Request] = []
        keys: dict[tuple[str, str], tuple[str, Request]] = {}
        while self.waiting and len(taken) < MAX_BATCH:
            request, claim = self.waiting[0], self.waiting[0].placing.claim
            if request.is_given_up:
                self.waiting.popleft()
                continue
            if claim is not None:
                asked, first = keys.setdefault((claim.who, claim.key), (claim.request, request))
                if asked != claim.request:
                    break
                if first is not request:
                    first.same.extend(self.waiting.popleft().everyone())
                    continue
            if taken and (request.is_alone or taken[0].is_alone):
                break
            taken.append(self.waiting.popleft())
        return taken


@dataclass(slots=True)
class Batch:
    """What one transaction decides, and what came of it once it is committed."""

    is_shared: bool
    taken: list[tuple[Queue, list[Request]]] = field(default_factory=list)
    carried: Carried | None = None

    @property
    def size(self) -> int:
        """How many requests are in it."""
        return sum(len(requests) for _, requests in self.taken)


class OfferWriter:
    """All offers of one process to one database."""

    def __init__(self, database: Database) -> None:
        """Have nothing to do yet."""
        self._database = database
        self._queues: OrderedDict[str, Queue] = OrderedDict()
        self._ready: dict[str, Queue] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._alone = 0
        self._is_sharing = False
        self._has_ended = False

    async def place(self, caller: Caller, command: PlaceOffer) -> OfferPlaced | Refused:
        """The answer to an offer, once it is committed; ``Unavailable`` when too many wait already."""
        placing = Placing(caller, command, claim_of(caller, command))
        if self._has_ended:
            message = "no more offers are taken: the service is ending"
            raise Unavailable(message)
        queue = self._queue(command.selection)
        if len(queue.waiting) >= MAX_WAITING:
            message = f"{MAX_WAITING} offers of this selection wait already"
            raise Unavailable(message)
        answer: asyncio.Future[OfferPlaced | Refused] = asyncio.get_running_loop().create_future()
        queue.waiting.append(Request(placing, answer, copy_context()))
        if not queue.is_busy:
            self._ready[queue.selection] = queue
            self._start()
        return await answer

    async def rest(self) -> None:
        """Wait until nothing is under way."""
        while self._running:
            await asyncio.wait(self._running)

    async def end(self) -> None:
        """Take on nothing more and wait until what is under way has ended, ``ENDING`` seconds at most."""
        self._has_ended = True
        try:
            async with asyncio.timeout(ENDING):
                await self.rest()
        except TimeoutError:
            for queue in self._queues.values():
                for request in queue.waiting:
                    _fails(request, asyncio.CancelledError(), is_poisoned=False)
            for task in self._running:
                task.cancel()
            await self.rest()

    def _queue(self, selection: str) -> Queue:
        """The queue of a selection, made when there is none; one that was unused for long goes."""
        queue, now = self._queues.get(selection), time.monotonic()
        if queue is None:
            queue = self._queues[selection] = Queue(selection)
        self._queues.move_to_end(selection)
        queue.used_at = now
        oldest = next(iter(self._queues.values()))
        is_unused = oldest.used_at < now - IDLE or len(self._queues) > MAX_DESKS
        if is_unused and not oldest.is_busy and not oldest.waiting and oldest is not queue:
            del self._queues[oldest.selection]
        return queue

    def _start(self) -> None:
        """Start what may start: selections that have to be alone each for itself, all others together."""
        while self._alone < MAX_ALONE and (queue := self._next(is_alone=True)) is not None:
            self._alone += 1
            batch = Batch(is_shared=False, taken=[(self._take_on(queue), [])])
            self._run(batch, queue)
        if not self._is_sharing and (queue := self._next(is_alone=False)) is not None:
            self._is_sharing = True
            self._run(Batch(is_shared=True), queue)

    def _next(self, *, is_alone: bool) -> Queue | None:
        return next((one for one in self._ready.values() if one.is_alone is is_alone), None)

    def _take_on(self, queue: Queue) -> Queue:
        queue.is_busy = True
        del self._ready[queue.selection]
        return queue

    def _run(self, batch: Batch, first: Queue) -> None:
        """Decide in a task of its own, which has a connection of its own, in the context of who came first."""
        context = first.waiting[0].context
        task = asyncio.get_running_loop().create_task(self._decide(batch), context=context)
        self._running.add(task)
        task.add_done_callback(lambda done: self._finish(batch, done))

    async def _decide(self, batch: Batch) -> None:
        """Take what waits by now and decide it in one transaction."""
        if batch.is_shared:
            chosen = [one for one in self._ready.values() if not one.is_alone][:MAX_TOGETHER]
            batch.taken = [(self._take_on(queue), []) for queue in chosen]
        for queue, requests in batch.taken:
            requests.extend(queue.take())
            if queue.desk is None and requests:
                queue.desk = await read_far(self._database, queue.selection)
        sheets = [
            Sheet(queue.selection, queue.desk, [one.placing for one in requests])
            for queue, requests in batch.taken
            if requests
        ]

        async def work(connection: Connection) -> Carried:
            return await carry(connection, sheets, may_wait=not batch.is_shared)

        if sheets:
            batch.carried = await self._database.retrying(work)

    def _finish(self, batch: Batch, task: asyncio.Task[None]) -> None:
        """Tell everybody what came of it; what is not answered yet waits again, in front."""
        self._running.discard(task)
        if batch.is_shared:
            self._is_sharing = False
        else:
            self._alone -= 1
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        is_poisoned = batch.size > 1
        for queue, requests in batch.taken:
            queue.is_busy = False
            queue.alone_for = max(0, queue.alone_for - 1)
            if error is not None:
                queue.desk = None
                again = [one for one in requests if not _fails(one, error, is_poisoned=is_poisoned)]
            else:
                again = _told(queue, requests, batch.carried)
            queue.waiting.extendleft(reversed(again))
            if queue.waiting:
                self._ready[queue.selection] = queue
        self._start()


def _told(queue: Queue, requests: Sequence[Request], carried: Carried | None) -> list[Request]:
    """Answer who was decided; returns those that were left out."""
    if carried is None:
        return []
    queue.desk = carried.desks.get(queue.selection, queue.desk)
    if queue.selection in carried.held_elsewhere:
        queue.alone_for = ALONE_FOR
    elif queue.selection in carried.left:
        queue.alone_for = 1
    again = []
    for one in requests:
        answer = carried.answers.get(one.placing)
        if answer is None:
            again.append(one)
            continue
        for each in one.everyone():
            _tell(each, answer)
    return again


def _tell(request: Request, answer: Answer) -> None:
    """Answer one request, unless its sender has gone."""
    if request.answer.done():
        return
    if isinstance(answer, MarketplaceError):
        request.answer.set_exception(answer)
    else:
        request.answer.set_result(answer)


def _fails(request: Request, error: BaseException, *, is_poisoned: bool) -> bool:
    """Tell a request that its transaction failed; False when it is to be decided once more, alone where one of many.

    What is not known is decided again under its key, which finds the answer when there is one.
    """
    if isinstance(error, OutcomeUnknown) and request.placing.claim is not None and request.unknown < ASKED_AGAIN:
        request.unknown += 1
        return False
    is_ours = not isinstance(error, Unavailable | asyncio.CancelledError)
    if is_ours and is_poisoned:
        request.is_alone = True
        return False
    kind = OutcomeUnknown if request.unknown or isinstance(error, OutcomeUnknown) else Unavailable
    for one in request.everyone():
        if not one.answer.done():
            one.answer.set_exception(error if is_ours else kind(str(error)))
    return True
