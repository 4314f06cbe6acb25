"""What may be done to the land register: each act is one change; nothing commits here.

Every act takes the session of a writing transaction and an `Act` that says who records it, when and
why. It gives back what it left in the register, or raises a named refusal.
"""

from land.service import (
    annulments,
    certification,
    disposal,
    form_loading,
    holders,
    limits,
    loading,
    parcels,
    registration,
    reshaping,
    security,
    shapes,
    sheets,
)

annul_change = annulments.annul_change
read_form_row = form_loading.read_form_row
read_shape = shapes.read_shape
read_shapes = shapes.read_shapes
list_overlaps = shapes.list_overlaps
name_parcel = form_loading.name_parcel
load_form = form_loading.load_form
load_parcels = loading.load_parcels
load_sheet = sheets.load_sheet
register_parcel = registration.register_parcel
register_legal_space = registration.register_legal_space
amend_land_use = parcels.amend_land_use
correct_boundary = parcels.correct_boundary
register_recovery = parcels.register_recovery
correct_holder = holders.correct_holder
register_split = reshaping.register_split
register_merger = reshaping.register_merger
register_transfer = disposal.register_transfer
register_gift = disposal.register_gift
register_inheritance = disposal.register_inheritance
register_lease = security.register_lease
close_lease = security.close_lease
register_mortgage = security.register_mortgage
close_mortgage = security.close_mortgage
register_responsibility = security.register_responsibility
close_responsibility = security.close_responsibility
register_dispute = limits.register_dispute
close_dispute = limits.close_dispute
register_attachment = limits.register_attachment
close_attachment = limits.close_attachment
register_restriction = limits.register_restriction
close_restriction = limits.close_restriction
register_certificate = certification.register_certificate
reissue_certificate = certification.reissue_certificate
close_certificate = certification.close_certificate

__all__ = [
    "amend_land_use",
    "annul_change",
    "close_attachment",
    "close_certificate",
    "close_dispute",
    "close_lease",
    "close_mortgage",
    "close_responsibility",
    "close_restriction",
    "correct_boundary",
    "correct_holder",
    "list_overlaps",
    "load_form",
    "load_parcels",
    "load_sheet",
    "name_parcel",
    "read_form_row",
    "read_shape",
    "read_shapes",
    "register_attachment",
    "register_certificate",
    "register_dispute",
    "register_gift",
    "register_inheritance",
    "register_lease",
    "register_legal_space",
    "register_merger",
    "register_mortgage",
    "register_parcel",
    "register_recovery",
    "register_responsibility",
    "register_restriction",
    "register_split",
    "register_transfer",
    "reissue_certificate",
]
