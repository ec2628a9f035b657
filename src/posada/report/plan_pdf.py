"""Pages of a plan as PDF: the head on the first sheet, the foot on the last."""

from __future__ import annotations

from posada.report.pdf import foot, foot_height, head
from posada.report.pdf_flow import Flow, running_line, write_sections
from posada.report.pdf_sheet import Sheet
from posada.report.plan_page import PlanPage


def plan_to_pdf(page: PlanPage) -> bytes:
    """Return a page of a plan as a PDF file."""
    sheet = Sheet(page.page_title, f"{page.status.issued}. {page.status.classification}.", page.language)
    head(sheet, page.title, page.place, page.status)
    flow = Flow(sheet, running_line(page.title, page.status.classification, page.status.issued), page.language)
    write_sections(flow, page.sections)
    if sheet.y < foot_height(page.footer) + 10:
        flow.turn()
    foot(sheet, page.footer)
    flow.end()
    return sheet.finish()
