"""Tables of the enterprise register."""

from enterprise.tables import enterprises, parties, states, structure

metadata = structure.metadata
ledger = structure.the_ledger
code_lists = structure.code_lists

enterprise = enterprises.enterprise
dependent_unit = enterprises.dependent_unit
industry_line = enterprises.industry_line
legal_representative = parties.legal_representative
ownership = parties.ownership
control = parties.control
status_period = states.status_period
succession = states.succession
