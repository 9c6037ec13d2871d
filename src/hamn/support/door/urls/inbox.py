"""Addresses of the inbox, under /desk/inkorg/. An address names a random id and nothing else."""

from django.urls import path

from ..views.inbox import acts, calling, lists, log, moving, response, show, templates, write

_ONE = "inkorg/<uuid:dialogue_id>/"

paths = [
    path("inkorg/", lists.inbox_page, name="inbox"),
    path("inkorg/oppna/", calling.open_dialogue, name="open_dialogue"),
    path("inkorg/svarstider/", response.response_times, name="response_times"),
    path("inkorg/mallar/", templates.answer_templates, name="templates"),
    path("inkorg/mallar/ny/", templates.edit_template, name="new_template"),
    path("inkorg/mallar/<int:template_id>/", templates.edit_template, name="edit_template"),
    path(
        "inkorg/mallar/<int:template_id>/ta-bort/", templates.drop_template, name="remove_template"
    ),
    path(_ONE, show.dialogue, name="dialogue"),
    path(f"{_ONE}logg/", log.dialogue_log, name="dialogue_log"),
    path(f"{_ONE}svar/", write.answer, name="answer"),
    path(f"{_ONE}till-enheten/", write.note_to_unit, name="note_to_unit"),
    path(f"{_ONE}egen-anteckning/", write.own_note, name="own_note"),
    path(f"{_ONE}ta/", acts.take_dialogue, name="take_dialogue"),
    path(f"{_ONE}ansvarig/", acts.assign_dialogue, name="assign_dialogue"),
    path(f"{_ONE}sparra/", acts.block_dialogue, name="block_dialogue"),
    path(f"{_ONE}hav-sparr/", acts.unblock_dialogue, name="unblock_dialogue"),
    path(f"{_ONE}nummer/", acts.number, name="number"),
    path(f"{_ONE}uppringd/", acts.called_back, name="called_back"),
    path(f"{_ONE}lamna-over/", moving.hand_over, name="hand_over_dialogue"),
    path(f"{_ONE}arende/", moving.link_case, name="link_case"),
    path(f"{_ONE}arende/nytt/", moving.open_case, name="open_case"),
    path(f"{_ONE}arende/ta-bort/", moving.unlink_case, name="unlink_case"),
]
