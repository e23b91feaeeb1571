"""The writes about a contract: signing, keeping, ending, rating, archive."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from marketplace.usecases.accept_result import AcceptResult, accept_result
from marketplace.usecases.answer_change import AnswerChange, answer_change
from marketplace.usecases.answer_rating import AnswerRating, answer_rating
from marketplace.usecases.archive_contract import ArchiveContract, archive_contract
from marketplace.usecases.arrange_visit import ArrangeVisit, arrange_visit
from marketplace.usecases.close_dispute import CloseDispute, close_dispute
from marketplace.usecases.confirm_contract import ConfirmContract, confirm_contract
from marketplace.usecases.contract_desk import ContractMoved
from marketplace.usecases.hand_in_result import HandInResult, hand_in_result
from marketplace.usecases.note_dispute import NoteDispute, note_dispute
from marketplace.usecases.note_invoice import NoteInvoice, note_invoice
from marketplace.usecases.note_payment import NotePayment, note_payment
from marketplace.usecases.note_visit import NoteVisit, note_visit
from marketplace.usecases.open_dispute import OpenDispute, open_dispute
from marketplace.usecases.plan_milestones import PlanMilestones, plan_milestones
from marketplace.usecases.propose_change import ProposeChange, propose_change
from marketplace.usecases.propose_termination import ProposeTermination, propose_termination
from marketplace.usecases.rate_contract import RateContract, rate_contract
from marketplace.usecases.reach_milestone import ReachMilestone, reach_milestone
from marketplace.usecases.record_review import RecordReview, record_review
from marketplace.usecases.return_result import ReturnResult, return_result
from marketplace.usecases.terminate_contract import TerminateContract, terminate_contract
from marketplace.usecases.upload_contract import UploadContract, upload_contract
from marketplace.web.api.routing import Write, handler_of
from marketplace.web.api.tags import CONTRACTS

_CONTRACT = "/contracts/{contract:str}"

_SIGNING: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_CONTRACT}/uploads", "uploadContract", CONTRACTS, "上传合同 / Upload a contract",
        UploadContract, ContractMoved, lambda visit, command: upload_contract(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/contract-confirmation", "confirmContract", CONTRACTS, "确认合同 / Confirm a contract",
        ConfirmContract, ContractMoved, lambda visit, command: confirm_contract(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/changes", "proposeChange", CONTRACTS, "提出变更或延期 / Propose a change or a longer time",
        ProposeChange, ContractMoved, lambda visit, command: propose_change(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/change-answers", "answerChange", CONTRACTS, "答复变更 / Answer a change",
        AnswerChange, ContractMoved, lambda visit, command: answer_change(visit.database, visit.caller, command),
        ("contract",),
    )),
)  # fmt: skip

_KEEPING: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_CONTRACT}/milestones", "planMilestones", CONTRACTS, "编排里程碑 / Plan milestones",
        PlanMilestones, ContractMoved, lambda visit, command: plan_milestones(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/milestone-notes", "reachMilestone", CONTRACTS,
        "节点完成 / A milestone is reached",
        ReachMilestone, ContractMoved,
        lambda visit, command: reach_milestone(visit.database, visit.caller, command), ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/visits", "arrangeVisit", CONTRACTS, "安排踏勘 / Arrange a site visit",
        ArrangeVisit, ContractMoved, lambda visit, command: arrange_visit(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/visit-notes", "noteVisit", CONTRACTS, "踏勘记录 / Note a site visit",
        NoteVisit, ContractMoved, lambda visit, command: note_visit(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/results", "handInResult", CONTRACTS, "提交成果 / Hand the result in",
        HandInResult, ContractMoved, lambda visit, command: hand_in_result(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/acceptance", "acceptResult", CONTRACTS, "验收通过 / Accept the result",
        AcceptResult, ContractMoved, lambda visit, command: accept_result(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/returns", "returnResult", CONTRACTS, "退回成果 / Return the result",
        ReturnResult, ContractMoved, lambda visit, command: return_result(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/review", "recordReview", CONTRACTS, "审查结果 / Record the authority's review",
        RecordReview, ContractMoved, lambda visit, command: record_review(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/invoices", "noteInvoice", CONTRACTS, "开票登记 / Note an invoice",
        NoteInvoice, ContractMoved, lambda visit, command: note_invoice(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/payments", "notePayment", CONTRACTS, "付款登记 / Note a payment",
        NotePayment, ContractMoved, lambda visit, command: note_payment(visit.database, visit.caller, command),
        ("contract",),
    )),
)  # fmt: skip

_ENDING: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_CONTRACT}/disputes", "openDispute", CONTRACTS, "提出争议 / Open a dispute",
        OpenDispute, ContractMoved, lambda visit, command: open_dispute(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/dispute-notes", "noteDispute", CONTRACTS, "争议记录 / Note on a dispute",
        NoteDispute, ContractMoved, lambda visit, command: note_dispute(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/dispute-closing", "closeDispute", CONTRACTS, "争议解决 / Close a dispute",
        CloseDispute, ContractMoved, lambda visit, command: close_dispute(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/termination-proposals", "proposeTermination", CONTRACTS, "提出解除 / Propose to end a contract",
        ProposeTermination, ContractMoved,
        lambda visit, command: propose_termination(visit.database, visit.caller, command), ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/termination", "terminateContract", CONTRACTS, "解除合同 / End a contract",
        TerminateContract, ContractMoved,
        lambda visit, command: terminate_contract(visit.database, visit.caller, command), ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/rating", "rateContract", CONTRACTS, "评价 / Rate a contract",
        RateContract, ContractMoved, lambda visit, command: rate_contract(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/rating-answer", "answerRating", CONTRACTS, "回应评价 / Answer a rating",
        AnswerRating, ContractMoved, lambda visit, command: answer_rating(visit.database, visit.caller, command),
        ("contract",),
    )),
    handler_of(Write(
        f"{_CONTRACT}/archive", "archiveContract", CONTRACTS, "归档 / Archive a contract",
        ArchiveContract, ContractMoved, lambda visit, command: archive_contract(visit.database, visit.caller, command),
        ("contract",),
    )),
)  # fmt: skip

CONTRACT_WRITES: tuple[HTTPRouteHandler, ...] = (*_SIGNING, *_KEEPING, *_ENDING)
"""All of them; a contract has the id of the selection that it follows."""
