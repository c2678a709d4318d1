"""Figures and studies, each a documented command; nothing here is in the wheel."""
