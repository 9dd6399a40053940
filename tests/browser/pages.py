"""Widths at which pages are looked at, and what of a page cannot be seen there."""

PHONE, PAPER, DESK = 390, 680, 1200
CUT_OFF = """() => [...document.querySelectorAll('body *')].filter(e => e.getClientRects().length
  && getComputedStyle(e).position !== 'absolute' && !e.closest('svg') && !e.closest('thead') && !e.closest('figure')
  && (e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 || e.scrollWidth > e.clientWidth + 1)
  && getComputedStyle(e).display !== 'inline').map(e => e.tagName + ': ' + e.textContent.slice(0, 60))"""
"""What reaches over the right edge of the page or of its own box; figures can be moved sideways."""
