"""The demonstration centre: invented officials and addresses, the real annex (docs/adr/0008).

Which 19 municipalities had signed in May 2024 is not public; the selection and all dates here are
examples, except Österåker's start on 2024-06-01.
"""
