"""A synthetic export of this protocol's CRF: plausible courses, and faults whose places are known.

Every value that a person would type or a laboratory would print comes from `specs/`; the modules hold the
rules that choose among them. Nothing in here reads or writes a file.
"""
